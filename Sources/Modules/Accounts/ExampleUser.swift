/// The user of the API document, so that its curl line works as printed on a machine that nobody else reaches.
enum ExampleUser {
    static let email = "user@example.com"
    static let password = "password123"
}
