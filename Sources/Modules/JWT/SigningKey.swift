/// What signs tokens.
enum SigningKey: Sendable {
    case secret(SharedSecret, SigningAlgorithm)
    case privateKey(AsymmetricKey, SigningAlgorithm)

    var algorithm: SigningAlgorithm {
        switch self {
        case .secret(_, let algorithm), .privateKey(_, let algorithm): algorithm
        }
    }

    /// The signature of some bytes; nil where the key cannot sign.
    func sign(_ bytes: [UInt8]) async -> [UInt8]? {
        switch self {
        case .secret(let secret, let algorithm): secret.sign(bytes, algorithm)
        case .privateKey(let key, let algorithm): await key.sign(bytes, algorithm)
        }
    }
}
