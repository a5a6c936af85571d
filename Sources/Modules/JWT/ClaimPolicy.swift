import GatewayKit

/// What the claims of a token have to say, once its signature is known to be good.
struct ClaimPolicy: Sendable {
    private static let maxUserIDBytes = 255

    private let issuer: String?
    private let audience: String?
    private let userClaim: String
    private let leeway: Duration

    init(_ settings: JWTSettings) {
        issuer = settings.issuer
        audience = settings.audience
        userClaim = settings.userClaim
        leeway = settings.leeway
    }

    /// Whose token it is, or the first reason against it in the order that is documented.
    func verdict(_ token: CompactToken, at now: Timestamp) -> AuthVerdict {
        if let expiresAt = token.expiresAt, expiresAt.advanced(by: leeway) <= now { return .rejected(.expired) }
        let latestStart = now.advanced(by: leeway)
        if [token.notBefore, token.issuedAt].contains(where: { $0.map { $0 > latestStart } ?? false }) { return .rejected(.notYetValid) }
        guard let expiresAt = token.expiresAt else { return .rejected(.missingExpiry) }
        if let issuer, token.claims["iss"] != .string(issuer) { return .rejected(.wrongIssuer) }
        if let audience, !Self.names(audience, token.claims["aud"]) { return .rejected(.wrongAudience) }
        if token.claims["token_use"] == .string("refresh") { return .rejected(.wrongTokenUse) }
        guard case .string(let userID) = token.claims.member(userClaim), (1...Self.maxUserIDBytes).contains(userID.utf8.count) else {
            return .rejected(.missingSubject)
        }
        let tokenID: String? = if case .string(let text) = token.claims["jti"] { text } else { nil }
        return .accepted(
            Principal(
                userID: userID, claims: token.claims, issuedAt: token.issuedAt, expiresAt: expiresAt, leeway: leeway, tokenID: tokenID))
    }

    /// Whether `aud` is the audience or a list that holds it (RFC 7519, 4.1.3).
    private static func names(_ audience: String, _ claim: JSONValue?) -> Bool {
        switch claim {
        case .string(let text): text.hasSameBytes(as: audience)
        case .array(let values): values.contains(.string(audience))
        case nil, .null, .bool, .integer, .number, .object: false
        }
    }
}
