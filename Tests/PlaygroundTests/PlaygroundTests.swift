import Testing

struct PlaygroundTests {}
