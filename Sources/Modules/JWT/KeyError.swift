import GatewayKit

/// Why a key cannot be used.
enum KeyError: Error, Equatable {
    /// No PEM block of a known kind.
    case noPEM
    /// A private key where a public one is wanted.
    case privateKey
    /// A public key where a private one is wanted.
    case publicKey
    /// A private key behind a passphrase.
    case encrypted
    /// An RSA key under 2048 bits.
    case weak(bits: Int)
    /// A kind of key that no algorithm here is for.
    case unsupported(String)
    /// A key set that is none.
    case noKeySet(String)
    /// Bytes that are no key.
    case broken

    /// What is wrong, to be put behind the name of the file.
    var message: String {
        switch self {
        case .noPEM: "holds no key in PEM form"
        case .privateKey: "holds a private key where a public one belongs"
        case .publicKey: "holds a public key where a private one belongs"
        case .encrypted: "holds a key behind a passphrase"
        case .weak(let bits): "holds an RSA key of \(bits) bits, and 2048 is the least"
        case .unsupported(let what): "holds \(what), which is not supported"
        case .noKeySet(let why): "is no JSON Web Key Set: \(why)"
        case .broken: "holds a key that is damaged"
        }
    }

    /// What to do instead.
    var help: String? {
        switch self {
        case .noPEM: "it should begin with -----BEGIN PUBLIC KEY----- or -----BEGIN CERTIFICATE-----"
        case .privateKey: "give it as private_key, or make the public one with: openssl pkey -in FILE -pubout"
        case .publicKey: "give it in public_keys"
        case .encrypted: "take the passphrase off with: openssl pkey -in FILE -out NEW"
        case .weak: "make one with: openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:3072"
        case .unsupported: "use RSA, P-256, P-384, P-521 or Ed25519"
        case .noKeySet: "it looks like {\"keys\": [{\"kty\": \"EC\", …}]}"
        case .broken: nil
        }
    }

    /// The diagnostic's code.
    var code: DiagnosticCode {
        switch self {
        case .weak: .weakSecret
        case .noPEM, .privateKey, .publicKey, .encrypted, .unsupported, .noKeySet, .broken: .invalidValue
        }
    }
}
