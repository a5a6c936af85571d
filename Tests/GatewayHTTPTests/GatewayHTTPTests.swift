import Testing

struct GatewayHTTPTests {}
