import GatewayKit
import GatewayServer

extension AdminRoutes {
    var revocationRoutes: [HTTPRoute] {
        guard let revoke else { return [] }
        let choices = RevocationBody.choices.map { HTTPSchema.Property($0, .string(minLength: 1, maxLength: 255), isRequired: false) }
        let issuedUntil = HTTPSchema.Property("issuedUntil", .string(format: "date-time"), isRequired: false)
        return [
            HTTPRoute(
                .post, "/admin/v1/revocations",
                HTTPOperation(
                    "revoke",
                    "Makes tokens worthless: one by its jti, those of a login by its sid, or those that a user had at `issuedUntil` (now, unless it is given; at most 5 s ahead of the gateway's clock); their connections close.",
                    body: .object(
                        choices + [issuedUntil, .init("expiresAt", .string(format: "date-time"), isRequired: false)], isOpen: false),
                    answers: [
                        .success(
                            200,
                            "It is in force, and kept until `expiresAt`, or as long as such tokens can live; `disconnected` connections were closed.",
                            data: .object(choices + [issuedUntil, .init("disconnected", .integer)], isOpen: false))
                    ], refusals: [503])
            ) { [gateway] request in
                let body = try RevocationBody(request, now: gateway.clock.timestamp)
                let disconnected: Int
                do {
                    disconnected = try await revoke(body.revocation)
                } catch let error as ModuleError {
                    throw HTTPRefusal(status: 503, .overloaded, "It cannot be kept: \(error.message)", retryAfter: .seconds(1))
                }
                var data = JSONWriter()
                data.member(body.field, .string(body.value))
                if case .user(_, let issuedUntil) = body.revocation.tokens { data.member("issuedUntil", .string(issuedUntil.text)) }
                data.member("disconnected", .integer(Int64(disconnected)))
                return .success(data: data.finish())
            }
        ]
    }
}

/// The body of a revocation, checked.
private struct RevocationBody: Sendable {
    /// The fields of which one says whose tokens.
    static let choices = ["token", "session", "user"]
    /// How far the clock of whoever asks may be ahead: further on, tokens that do not exist yet would be worthless.
    private static let maxClockDifference = Duration.seconds(5)

    /// The one that was given.
    let field: String
    let value: String
    let revocation: Revocation

    init(_ request: HTTPRequest, now: Timestamp) throws(HTTPRefusal) {
        let body = try AdminBody(request, fields: Set(Self.choices + ["issuedUntil", "expiresAt"]))
        field = try body.choice(of: Self.choices)
        value = try body.text(field)
        if field == "token", value.utf8.count(where: { $0 == UInt8(ascii: ".") }) == 2 {
            throw .invalid(field, "must be the token's jti, not the token")
        }
        guard (1...255).contains(value.utf8.count), !value.utf8.contains(0) else {
            throw .invalid(field, "must have 1 to 255 bytes, and no NUL")
        }
        let issuedUntil = try body.date("issuedUntil")
        if issuedUntil != nil, field != "user" { throw .invalid("issuedUntil", "cannot stand beside '\(field)'") }
        if let issuedUntil, issuedUntil > now.advanced(by: Self.maxClockDifference) {
            throw .invalid("issuedUntil", "must not be more than 5 s ahead of the gateway's clock")
        }
        let tokens: Revocation.Tokens =
            switch field {
            case "token": .token(value)
            case "session": .session(value)
            default: .user(value, issuedUntil: issuedUntil ?? now)
            }
        revocation = Revocation(tokens, expiresAt: try body.date("expiresAt"))
    }
}
