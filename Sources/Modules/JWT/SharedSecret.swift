import Crypto

/// The secret of HMAC: signs, and checks in constant time.
struct SharedSecret: Sendable {
    private let key: SymmetricKey

    init(_ bytes: [UInt8]) { key = SymmetricKey(data: bytes) }

    func isValid(_ token: CompactToken, _ algorithm: SigningAlgorithm) -> Bool {
        switch algorithm {
        case .hs256: HMAC<SHA256>.isValidAuthenticationCode(token.signature, authenticating: token.signingInput, using: key)
        case .hs384: HMAC<SHA384>.isValidAuthenticationCode(token.signature, authenticating: token.signingInput, using: key)
        case .hs512: HMAC<SHA512>.isValidAuthenticationCode(token.signature, authenticating: token.signingInput, using: key)
        case .rs256, .rs384, .rs512, .ps256, .ps384, .ps512, .es256, .es384, .es512, .edDSA: false
        }
    }

    /// Signs; nil for an algorithm that is no HMAC.
    func sign(_ bytes: [UInt8], _ algorithm: SigningAlgorithm) -> [UInt8]? {
        switch algorithm {
        case .hs256: Array(HMAC<SHA256>.authenticationCode(for: bytes, using: key))
        case .hs384: Array(HMAC<SHA384>.authenticationCode(for: bytes, using: key))
        case .hs512: Array(HMAC<SHA512>.authenticationCode(for: bytes, using: key))
        case .rs256, .rs384, .rs512, .ps256, .ps384, .ps512, .es256, .es384, .es512, .edDSA: nil
        }
    }
}
