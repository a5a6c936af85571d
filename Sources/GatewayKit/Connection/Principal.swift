/// Who a client is, as a token says it.
///
/// Immutable; shared by whoever needs it.
public final class Principal: Sendable {
    /// The user's id.
    public let userID: String
    /// Every claim of the token.
    public let claims: [String: ClaimValue]
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
        userID: String, claims: [String: ClaimValue] = [:], issuedAt: Timestamp? = nil, expiresAt: Timestamp? = nil,
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

/// The value of a claim: any JSON value.
public enum ClaimValue: Sendable, Hashable {
    /// `null`.
    case null
    /// `true` or `false`.
    case bool(Bool)
    /// A whole number.
    case integer(Int64)
    /// Any other number.
    case number(Double)
    /// A string.
    case string(String)
    /// A list.
    case array([ClaimValue])
    /// An object.
    case object([String: ClaimValue])

    /// The value as one word, as gateway.yaml writes it: a string as it is, a whole number in digits, `true` or `false`; else nil.
    public var word: String? {
        switch self {
        case .string(let text): text
        case .integer(let number): String(number)
        case .bool(let flag): String(flag)
        case .null, .number, .array, .object: nil
        }
    }
}
