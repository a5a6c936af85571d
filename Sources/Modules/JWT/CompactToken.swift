import GatewayKit

/// A token in compact form (RFC 7515, 7.1), taken apart and not yet believed.
struct CompactToken: Sendable {
    static let maxBytes = 8 * 1024

    /// `alg` as the header has it.
    let algorithm: String
    /// `kid`, where the header has one.
    let keyID: String?
    let claims: [String: JSONValue]
    /// `exp`, `nbf` and `iat`.
    let expiresAt: Timestamp?
    let notBefore: Timestamp?
    let issuedAt: Timestamp?
    /// What was signed: header and payload as they came.
    let signingInput: ArraySlice<UInt8>
    let signature: [UInt8]

    /// Takes a token apart; nil where it is malformed.
    init?(_ text: String) {
        // Counted before it is copied.
        guard text.utf8.count <= Self.maxBytes else { return nil }
        let bytes = Array(text.utf8)
        let parts = bytes.split(separator: UInt8(ascii: "."), maxSplits: 3, omittingEmptySubsequences: false)
        guard parts.count == 3, let header = Self.object(parts[0]), let claims = Self.object(parts[1]),
            let signature = Base64.decode(parts[2], .url), case .string(let algorithm) = header["alg"],
            // Extensions that have to be understood are not (RFC 7515, 4.1.11).
            header["crit"] == nil
        else { return nil }
        switch header["kid"] {
        case nil: keyID = nil
        case .string(let text): keyID = text
        case _?: return nil
        }
        guard let expiresAt = Self.date("exp", claims), let notBefore = Self.date("nbf", claims), let issuedAt = Self.date("iat", claims)
        else {
            return nil
        }
        self.algorithm = algorithm
        self.claims = claims
        (self.expiresAt, self.notBefore, self.issuedAt) = (expiresAt, notBefore, issuedAt)
        signingInput = bytes[..<parts[1].endIndex]
        self.signature = signature
    }

    /// The JSON object in a part of a token; nil where it is none.
    static func object(_ part: ArraySlice<UInt8>) -> [String: JSONValue]? {
        guard let bytes = Base64.decode(part, .url), case .object(let members) = JSONValue(json: bytes) else { return nil }
        return members
    }

    /// A date claim (RFC 7519, 2): nil where it is none, `.some(nil)` where it is not there.
    private static func date(_ name: String, _ claims: [String: JSONValue]) -> Timestamp?? {
        switch claims[name] {
        case nil: .some(nil)
        case .integer(let seconds): Timestamp(seconds: Double(seconds)).map { .some($0) }
        case .number(let seconds): Timestamp(seconds: seconds).map { .some($0) }
        case .null, .bool, .string, .array, .object: nil
        }
    }
}
