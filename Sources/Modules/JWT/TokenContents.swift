package import GatewayKit

/// What a token says, whether it is to be believed or not.
package struct TokenContents: Sendable {
    /// The header; nil where it cannot be read.
    package let header: [String: JSONValue]?
    /// The claims; nil where they cannot be read.
    package let claims: [String: JSONValue]?
    /// How many parts stand between dots; a token has three.
    package let partCount: Int

    /// Takes a token apart.
    package init(_ text: String) {
        // One that is longer is no token, whatever it holds.
        let bytes = Array(text.utf8.prefix(CompactToken.maxBytes))
        let parts = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        partCount = parts.count
        header = parts.first.flatMap(CompactToken.object)
        claims = parts.count > 1 ? CompactToken.object(parts[1]) : nil
    }
}
