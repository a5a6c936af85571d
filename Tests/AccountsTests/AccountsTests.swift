import Testing

struct AccountsTests {}
