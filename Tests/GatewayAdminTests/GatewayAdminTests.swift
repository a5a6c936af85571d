import Testing

struct GatewayAdminTests {}
