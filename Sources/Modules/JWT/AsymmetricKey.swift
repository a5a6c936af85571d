import Crypto
import JWTKit

/// A public or private key, with the algorithms that it is for.
enum AsymmetricKey: Sendable {
    case rsa(any RSAKey)
    case p256(any ECDSAKey)
    case p384(any ECDSAKey)
    case p521(any ECDSAKey)
    case ed25519(any EdDSAKey)

    /// What the key can be used for.
    var algorithms: [SigningAlgorithm] {
        switch self {
        case .rsa: [.rs256, .rs384, .rs512, .ps256, .ps384, .ps512]
        case .p256: [.es256]
        case .p384: [.es384]
        case .p521: [.es512]
        case .ed25519: [.edDSA]
        }
    }

    /// Whether the key signed the token; to be asked off the event loops.
    func isValid(_ token: CompactToken, _ algorithm: SigningAlgorithm) async -> Bool {
        guard let verifier = await verifier(algorithm) else { return false }
        // A signature of another length is an error there, and simply wrong here.
        return (try? verifier.verify(token.signature, signs: token.signingInput)) ?? false
    }

    /// Signs, off the event loops; nil where the key is public or not for the algorithm.
    func sign(_ bytes: [UInt8], _ algorithm: SigningAlgorithm) async -> [UInt8]? {
        try? await verifier(algorithm)?.sign(bytes)
    }

    /// The algorithm bound to the key: JWTKit makes it in a collection, and the collection is an actor.
    private func verifier(_ algorithm: SigningAlgorithm) async -> (any JWTAlgorithm)? {
        guard algorithms.contains(algorithm) else { return nil }
        let collection = JWTKeyCollection()
        switch (self, algorithm) {
        case (.rsa(let key), .rs256): await collection.add(rsa: key, digestAlgorithm: .sha256)
        case (.rsa(let key), .rs384): await collection.add(rsa: key, digestAlgorithm: .sha384)
        case (.rsa(let key), .rs512): await collection.add(rsa: key, digestAlgorithm: .sha512)
        case (.rsa(let key), .ps256): await collection.add(pss: key, digestAlgorithm: .sha256)
        case (.rsa(let key), .ps384): await collection.add(pss: key, digestAlgorithm: .sha384)
        case (.rsa(let key), .ps512): await collection.add(pss: key, digestAlgorithm: .sha512)
        case (.p256(let key), _), (.p384(let key), _), (.p521(let key), _): await collection.add(ecdsa: key)
        case (.ed25519(let key), _): await collection.add(eddsa: key)
        case (.rsa, _): return nil
        }
        return try? await collection.getKey()
    }
}

extension AsymmetricKey {
    /// An RSA public key of its numbers, which are unsigned and big-endian; the modulus has at least 2048 bits.
    static func rsa(modulus: ArraySlice<UInt8>, exponent: ArraySlice<UInt8>) throws(KeyError) -> AsymmetricKey {
        try checkSize(ofModulus: modulus)
        let (n, e) = (Base64.encode(modulus.drop { $0 == 0 }, .url), Base64.encode(exponent.drop { $0 == 0 }, .url))
        do { return .rsa(try Insecure.RSA.PublicKey(modulus: n, exponent: e)) } catch { throw .broken }
    }

    /// Refuses an RSA key that is too weak to trust, or so large that checking with it takes for ever.
    static func checkSize(ofModulus modulus: ArraySlice<UInt8>) throws(KeyError) {
        let digits = modulus.drop { $0 == 0 }
        let bits = digits.count * 8 - (digits.first?.leadingZeroBitCount ?? 0)
        if bits < 2048 { throw .weak(bits: bits) }
        if bits > 16384 { throw .unsupported("an RSA key of \(bits) bits") }
    }

    /// A public key on a curve, of a point in the form of ANSI X9.63; of 32 bytes for Ed25519.
    static func curve(_ curve: KeyCurve, point: ArraySlice<UInt8>) throws(KeyError) -> AsymmetricKey {
        let point = Array(point)
        do {
            switch curve {
            case .p256: return .p256(try ES256PublicKey(backing: P256.Signing.PublicKey(x963Representation: point)))
            case .p384: return .p384(try ES384PublicKey(backing: P384.Signing.PublicKey(x963Representation: point)))
            case .p521: return .p521(try ES512PublicKey(backing: P521.Signing.PublicKey(x963Representation: point)))
            case .ed25519: return .ed25519(EdDSA.PublicKey(backing: try Curve25519.Signing.PublicKey(rawRepresentation: point)))
            }
        } catch {
            throw .broken
        }
    }
}

/// The curves, with the names that key sets use.
enum KeyCurve: String {
    case p256 = "P-256"
    case p384 = "P-384"
    case p521 = "P-521"
    case ed25519 = "Ed25519"

    /// The bytes of a coordinate.
    var coordinateBytes: Int {
        switch self {
        case .p256, .ed25519: 32
        case .p384: 48
        case .p521: 66
        }
    }
}
