import GatewayKit
import GatewayServer

extension AdminRoutes {
    var revocationRoutes: [HTTPRoute] {
        guard let revoke else { return [] }
        let choices: [HTTPSchema.Property] = ["token", "session", "user"].map {
            .init($0, .string(minLength: 1), isRequired: false)
        }
        return [
            HTTPRoute(
                .post, "/admin/v1/revocations",
                HTTPOperation(
                    "revoke",
                    "Makes tokens worthless: one by its jti, those of a login by its sid, or those that a user has until now; their connections close.",
                    body: .object(choices + [.init("expiresAt", .string(format: "date-time"), isRequired: false)], isOpen: false),
                    answers: [
                        .success(
                            200, "It is in force, and kept until `expiresAt`, or as long as such tokens can live.",
                            data: .object(choices + [.init("issuedUntil", .string(format: "date-time"), isRequired: false)], isOpen: false))
                    ], refusals: [503])
            ) { [gateway] request in
                let body = try AdminBody(request, fields: ["token", "session", "user", "expiresAt"])
                let field = try body.choice(of: ["token", "session", "user"])
                let text = try body.text(field)
                let now = gateway.clock.timestamp
                let tokens: Revocation.Tokens =
                    switch field {
                    case "token": .token(text)
                    case "session": .session(text)
                    default: .user(text, issuedUntil: now)
                    }
                if field == "token", text.utf8.count(where: { $0 == UInt8(ascii: ".") }) == 2 {
                    throw HTTPRefusal.invalid(field, "must be the token's jti, not the token")
                }
                guard (1...255).contains(text.utf8.count), !text.utf8.contains(0) else {
                    throw HTTPRefusal.invalid(field, "must have 1 to 255 bytes, and no NUL")
                }
                do {
                    try await revoke(Revocation(tokens, expiresAt: try Self.expiry(body)))
                } catch let error as ModuleError {
                    throw HTTPRefusal(status: 503, .overloaded, "It cannot be kept: \(error.message)", retryAfter: .seconds(1))
                }
                var data = JSONWriter()
                data.member(field, .string(text))
                if field == "user" { data.member("issuedUntil", .string(now.text)) }
                return .success(data: data.finish())
            }
        ]
    }

    private static func expiry(_ body: AdminBody) throws(HTTPRefusal) -> Timestamp? {
        guard body.contains("expiresAt") else { return nil }
        guard let date = DateText.timestamp(try body.text("expiresAt")) else {
            throw .invalid("expiresAt", "must be a date like 2026-01-31T23:59:59Z")
        }
        return date
    }
}
