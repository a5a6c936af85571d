import Crypto
import JWTKit

/// Finds the private key in a PEM file: PKCS #8, or the old forms of RSA and elliptic curves.
enum PrivateKeyReader {
    typealias Pair = (private: AsymmetricKey, public: AsymmetricKey)

    /// The first private key of the file, with its public part.
    static func pair(pem: [UInt8]) throws(KeyError) -> Pair {
        let blocks = PEMBlock.read(pem)
        for block in blocks {
            switch block.label {
            case "PRIVATE KEY": return try pair(pkcs8: block)
            case "RSA PRIVATE KEY": return try rsaPair(block, DERReader(block.bytes[...]))
            case "EC PRIVATE KEY": return try curvePair(block.bytes)
            case "ENCRYPTED PRIVATE KEY": throw .encrypted
            default: continue
            }
        }
        throw blocks.contains { $0.label.hasSuffix("PUBLIC KEY") || $0.label == "CERTIFICATE" } ? .publicKey : .noPEM
    }

    /// A PrivateKeyInfo (RFC 5208, 5).
    private static func pair(pkcs8 block: PEMBlock) throws(KeyError) -> Pair {
        var outer = DERReader(block.bytes[...])
        guard var info = outer.readSequence(), info.read(DERReader.Tag.integer) != nil, var algorithm = info.readSequence(),
            let kind = KeyKind(&algorithm), let key = info.read(DERReader.Tag.octetString)
        else { throw .broken }
        switch kind {
        case .rsa: return try rsaPair(block, DERReader(key))
        case .curve(.ed25519):
            // RFC 8410, 7: the key is an octet string inside the octet string.
            var inner = DERReader(key)
            guard let seed = inner.read(DERReader.Tag.octetString),
                let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: Array(seed))
            else { throw .broken }
            let made = EdDSA.PrivateKey(backing: key)
            return (.ed25519(made), .ed25519(made.publicKey))
        case .curve: return try curvePair(block.bytes)
        case .other: throw .unsupported("a key of another kind")
        }
    }

    /// An RSA key from its block; the reader stands at its RSAPrivateKey (RFC 8017, A.1.2).
    private static func rsaPair(_ block: PEMBlock, _ reader: DERReader) throws(KeyError) -> Pair {
        var reader = reader
        guard var numbers = reader.readSequence(), numbers.read(DERReader.Tag.integer) != nil,
            let modulus = numbers.read(DERReader.Tag.integer)
        else { throw .broken }
        try AsymmetricKey.checkSize(ofModulus: modulus)
        // Only a clean block goes on: the parser behind it is stricter about white space than openssl.
        guard let key = try? Insecure.RSA.PrivateKey(pem: block.text) else { throw .broken }
        return (.rsa(key), .rsa(key.publicKey))
    }

    private static func curvePair(_ bytes: [UInt8]) throws(KeyError) -> Pair {
        if let key = try? ES256PrivateKey(backing: P256.Signing.PrivateKey(derRepresentation: bytes)) {
            return (.p256(key), .p256(key.publicKey))
        }
        if let key = try? ES384PrivateKey(backing: P384.Signing.PrivateKey(derRepresentation: bytes)) {
            return (.p384(key), .p384(key.publicKey))
        }
        if let key = try? ES512PrivateKey(backing: P521.Signing.PrivateKey(derRepresentation: bytes)) {
            return (.p521(key), .p521(key.publicKey))
        }
        throw .unsupported("a damaged key, or one on another curve than P-256, P-384 and P-521")
    }
}
