public import GatewayKit

/// How a token is signed (RFC 7518, 3.1, and RFC 8037, 3.1); there is no `none`.
public enum SigningAlgorithm: String, Sendable, CaseIterable, SettingValue {
    /// HMAC with SHA-256.
    case hs256 = "HS256"
    /// HMAC with SHA-384.
    case hs384 = "HS384"
    /// HMAC with SHA-512.
    case hs512 = "HS512"
    /// RSA, PKCS #1 1.5, with SHA-256.
    case rs256 = "RS256"
    /// RSA, PKCS #1 1.5, with SHA-384.
    case rs384 = "RS384"
    /// RSA, PKCS #1 1.5, with SHA-512.
    case rs512 = "RS512"
    /// RSA, PSS, with SHA-256.
    case ps256 = "PS256"
    /// RSA, PSS, with SHA-384.
    case ps384 = "PS384"
    /// RSA, PSS, with SHA-512.
    case ps512 = "PS512"
    /// ECDSA on P-256 with SHA-256.
    case es256 = "ES256"
    /// ECDSA on P-384 with SHA-384.
    case es384 = "ES384"
    /// ECDSA on P-521 with SHA-512.
    case es512 = "ES512"
    /// Ed25519.
    case edDSA = "EdDSA"

    /// Whether one secret signs and checks.
    var isSymmetric: Bool {
        switch self {
        case .hs256, .hs384, .hs512: true
        case .rs256, .rs384, .rs512, .ps256, .ps384, .ps512, .es256, .es384, .es512, .edDSA: false
        }
    }
}
