/// Who a client is, as a token says it.
///
/// Immutable; shared by whoever needs it.
public final class Principal: Sendable {
    /// The user's id.
    public let userID: String
    /// Every claim of the token.
    public let claims: [String: JSONValue]
    /// When the token was issued (`iat`).
    public let issuedAt: Timestamp?
    /// When the token expires (`exp`); nil where it never does.
    public let expiresAt: Timestamp?
    /// How long after ``expiresAt`` the token is still taken.
    public let leeway: Duration
    /// The token's id (`jti`).
    public let tokenID: String?

    /// Makes a principal.
    public init(
        userID: String, claims: [String: JSONValue] = [:], issuedAt: Timestamp? = nil, expiresAt: Timestamp? = nil,
        leeway: Duration = .zero, tokenID: String? = nil
    ) {
        self.userID = userID
        self.claims = claims
        self.issuedAt = issuedAt
        self.expiresAt = expiresAt
        self.leeway = leeway
        self.tokenID = tokenID
    }
}
