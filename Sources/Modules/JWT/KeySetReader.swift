import GatewayKit

/// Reads a JSON Web Key Set (RFC 7517): the public keys that signatures can be checked with.
enum KeySetReader {
    /// The keys, and why others were left out.
    struct KeySet {
        var keys: [VerificationKey] = []
        var notes: [String] = []
    }

    private static let maxKeys = 64

    /// The keys of a set; what is for encryption or of an unknown type is left out (RFC 7517, 5).
    static func keys(json: [UInt8]) throws(KeyError) -> KeySet {
        guard case .object(let members) = JSONValue(json: json) else { throw .noKeySet("it is no JSON object") }
        guard case .array(let entries) = members["keys"] else { throw .noKeySet("it has no list 'keys'") }
        guard entries.count <= maxKeys else { throw .noKeySet("it has more than \(maxKeys) keys") }
        var set = KeySet()
        for (index, entry) in entries.enumerated() {
            guard case .object(let members) = entry else { throw .noKeySet("key \(index + 1) is no object") }
            switch try key(members) {
            case .success(let key): set.keys.append(key)
            case .failure(let note): set.notes.append("key \(index + 1): \(note.text)")
            }
        }
        return set
    }

    private struct Note: Error { let text: String }

    private static func key(_ members: [String: JSONValue]) throws(KeyError) -> Result<VerificationKey, Note> {
        if let use = text("use", members), use != "sig" { return .failure(Note(text: "its use is '\(use)'")) }
        if case .array(let operations) = members["key_ops"], !operations.contains(.string("verify")) {
            return .failure(Note(text: "its key_ops lack 'verify'"))
        }
        var algorithm: SigningAlgorithm?
        if let name = text("alg", members) {
            guard let known = SigningAlgorithm(rawValue: name) else { return .failure(Note(text: "its alg is '\(name)'")) }
            algorithm = known
        }
        guard let key = try material(members) else {
            return .failure(
                Note(text: "its kty is '\(text("kty", members) ?? "")'\(text("crv", members).map { ", its crv '\($0)'" } ?? "")"))
        }
        if let algorithm, !key.algorithms.contains(algorithm) {
            throw .noKeySet("an alg '\(algorithm.rawValue)' stands at a key of another type")
        }
        return .success(VerificationKey(key: key, id: text("kid", members), algorithm: algorithm))
    }

    /// The key itself; nil where it is of a type that is not known here, symmetric ones included.
    private static func material(_ members: [String: JSONValue]) throws(KeyError) -> AsymmetricKey? {
        let curve = text("crv", members).flatMap(KeyCurve.init)
        switch (text("kty", members), curve) {
        case ("RSA", _): return try .rsa(modulus: try bytes("n", members), exponent: try bytes("e", members))
        case ("EC", .p256?), ("EC", .p384?), ("EC", .p521?):
            let (x, y) = (try bytes("x", members), try bytes("y", members))
            // RFC 7518, 6.2.1.2: coordinates have their full length.
            guard let length = curve?.coordinateBytes, x.count == length, y.count == length, let curve else { throw .broken }
            return try .curve(curve, point: [0x04] + x + y)
        case ("OKP", .ed25519?): return try .curve(.ed25519, point: try bytes("x", members))
        default: return nil
        }
    }

    private static func text(_ name: String, _ members: [String: JSONValue]) -> String? {
        if case .string(let text) = members[name] { text } else { nil }
    }

    private static func bytes(_ name: String, _ members: [String: JSONValue]) throws(KeyError) -> ArraySlice<UInt8> {
        guard let text = text(name, members), let bytes = Base64.decode(Array(text.utf8)[...], .url) else { throw .broken }
        return bytes[...]
    }
}
