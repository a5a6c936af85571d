import Testing

struct IngressTests {}
