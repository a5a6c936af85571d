import GatewayKit

/// What the routes are, for the OpenAPI description.
enum Operations {
    /// In Unicode scalars.
    static let maxTokenLength = 8192

    private static let token = HTTPSchema.string(minLength: 1, maxLength: maxTokenLength)
    private static let tokens: [HTTPSchema.Property] = [.init("accessToken", .string()), .init("refreshToken", .string())]
    private static let refreshToken = HTTPSchema.object([.init("refreshToken", token)], isOpen: true)
    private static let user = HTTPSchema.object(
        [
            .init("id", .string(format: "uuid")), .init("email", .string()), .init("roles", .array(.string())),
            .init("createdAt", .string(format: "date-time")),
        ], isOpen: false)

    static let login = HTTPOperation(
        "login", "Exchanges e-mail and password for an access token and a refresh token.",
        body: .object(
            [.init("email", .string(minLength: 1, maxLength: EmailAddress.maxLength)), .init("password", .string())], isOpen: true),
        answers: [.success(200, "The user and the tokens.", data: .object([.init("user", user)] + tokens, isOpen: false))],
        refusals: [400, 401, 429, 503])

    static let refresh = HTTPOperation(
        "refresh", "Exchanges a refresh token, which works once, for a new pair of tokens.", body: refreshToken,
        answers: [.success(200, "The new tokens.", data: .object(tokens, isOpen: false))], refusals: [400, 401, 429, 503])

    static let logout = HTTPOperation(
        "logout", "Ends a session: its refresh token and its access tokens are worthless. A session that is over is answered alike.",
        body: refreshToken, answers: [.success(200, "The session is over.", data: .object([], isOpen: false))], refusals: [400, 503])
}
