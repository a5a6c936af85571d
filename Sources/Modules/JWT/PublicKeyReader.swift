/// Finds the public key in a PEM file: a key by itself, an RSA key in its old form, or a certificate.
///
/// A certificate is an envelope here: neither its issuer nor its dates are looked at, since it is the operator who trusts it.
enum PublicKeyReader {
    /// The first key of the file.
    static func key(pem: [UInt8]) throws(KeyError) -> AsymmetricKey {
        let blocks = PEMBlock.read(pem)
        for block in blocks {
            switch block.label {
            case "PUBLIC KEY": return try key(DERReader(block.bytes[...]))
            case "CERTIFICATE": return try key(certificate: block.bytes)
            case "RSA PUBLIC KEY": return try rsaKey(DERReader(block.bytes[...]))
            default: continue
            }
        }
        throw blocks.contains { $0.label.hasSuffix("PRIVATE KEY") } ? .privateKey : .noPEM
    }

    /// The key of a certificate (RFC 5280, 4.1).
    private static func key(certificate: [UInt8]) throws(KeyError) -> AsymmetricKey {
        var outer = DERReader(certificate[...])
        guard var certificate = outer.readSequence(), var fields = certificate.readSequence() else { throw .broken }
        if fields.tag == DERReader.Tag.version { _ = fields.skip() }
        // Serial number, signature algorithm, issuer, validity and subject stand before it.
        for _ in 0..<5 where fields.skip() == nil { throw .broken }
        return try key(fields)
    }

    /// A SubjectPublicKeyInfo (RFC 5280, 4.1.2.7).
    private static func key(_ reader: DERReader) throws(KeyError) -> AsymmetricKey {
        var reader = reader
        guard var info = reader.readSequence(), var algorithm = info.readSequence(), let kind = KeyKind(&algorithm),
            let bits = info.read(DERReader.Tag.bitString), bits.first == 0
        else { throw .broken }
        switch kind {
        case .rsa: return try rsaKey(DERReader(bits.dropFirst()))
        case .curve(let curve): return try .curve(curve, point: bits.dropFirst())
        case .other: throw .unsupported("a key of another kind")
        }
    }

    /// An RSAPublicKey (RFC 8017, A.1.1).
    private static func rsaKey(_ reader: DERReader) throws(KeyError) -> AsymmetricKey {
        var reader = reader
        guard var numbers = reader.readSequence(), let modulus = numbers.read(DERReader.Tag.integer),
            let exponent = numbers.read(DERReader.Tag.integer)
        else { throw .broken }
        return try .rsa(modulus: modulus, exponent: exponent)
    }
}

/// The kind of a key, as its AlgorithmIdentifier names it.
enum KeyKind {
    case rsa
    case curve(KeyCurve)
    case other

    private static let rsaID: [UInt8] = [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01]
    private static let curveID: [UInt8] = [0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01]
    private static let ed25519ID: [UInt8] = [0x2B, 0x65, 0x70]
    private static let curves: [[UInt8]: KeyCurve] = [
        [0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07]: .p256, [0x2B, 0x81, 0x04, 0x00, 0x22]: .p384,
        [0x2B, 0x81, 0x04, 0x00, 0x23]: .p521,
    ]

    /// Reads the elements of an AlgorithmIdentifier; nil where they are none.
    init?(_ algorithm: inout DERReader) {
        guard let id = algorithm.read(DERReader.Tag.objectIdentifier).map(Array.init) else { return nil }
        switch id {
        case Self.rsaID: self = .rsa
        case Self.ed25519ID: self = .curve(.ed25519)
        case Self.curveID:
            let curve = algorithm.read(DERReader.Tag.objectIdentifier).flatMap { Self.curves[Array($0)] }
            self = curve.map { .curve($0) } ?? .other
        default: self = .other
        }
    }
}
