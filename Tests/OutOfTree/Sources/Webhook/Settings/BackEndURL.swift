public import GatewayKit

/// Where the back end is: `http://HOST:PORT/PATH`, or `https://`.
///
/// It names no user, for which there is `token`. What stands in its query is never shown.
public struct BackEndURL: Hashable, Sendable, SettingValue {
    /// The whole URL.
    let text: String

    /// Reads a URL.
    ///
    /// - Parameter text: The URL; every character as RFC 3986 has it, others as `%XX`.
    /// - Throws: ``Fault`` that says what is wrong, without showing the URL.
    public init(_ text: String) throws(Fault) {
        guard text.utf8.count <= 2048 else { throw Fault("is longer than 2048 bytes") }
        guard text.utf8.allSatisfy({ Self.characters.contains($0) }) else { throw Fault("has a character that has to stand as %XX") }
        guard let scheme = ["http://", "https://"].first(where: { text.lowercased().hasPrefix($0) }) else {
            throw Fault("begins neither with http:// nor with https://")
        }
        let rest = text.dropFirst(scheme.count)
        guard !rest.contains("#") else { throw Fault("has a #") }
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        guard !authority.contains("@") else { throw Fault("names a user") }
        try Self.check(authority)
        try Self.checkPercents(rest)
        self.text = text
    }

    private static func check(_ authority: Substring) throws(Fault) {
        // A colon inside of brackets belongs to an IPv6 address.
        let end = authority.hasPrefix("[") ? authority.firstIndex(of: "]") : authority.startIndex
        guard let end, authority.count > 1 || !authority.hasPrefix("[") else { throw Fault("has a [ without its ]") }
        let colon = authority[end...].firstIndex(of: ":") ?? authority.endIndex
        guard !authority[..<colon].isEmpty, !authority.hasPrefix("[]") else { throw Fault("names no host") }
        guard colon < authority.endIndex else { return }
        let port = authority[authority.index(after: colon)...]
        guard port.utf8.allSatisfy({ (48...57).contains($0) }), let number = Int(port), (1...65_535).contains(number) else {
            throw Fault("has no valid port")
        }
    }

    private static func checkPercents(_ text: Substring) throws(Fault) {
        let areDigits = text.split(separator: "%", omittingEmptySubsequences: false).dropFirst().allSatisfy { part in
            part.count >= 2 && part.prefix(2).allSatisfy(\.isHexDigit)
        }
        guard areDigits else { throw Fault("has a % that two hex digits do not follow") }
    }

    private static let characters = Set(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:/?#[]@!$&'()*+,;=%".utf8)

    /// Why a text is no such URL.
    public struct Fault: Error, Sendable, CustomStringConvertible {
        /// What is wrong, as the end of a sentence.
        public let description: String

        init(_ description: String) { self.description = description }
    }
}

extension BackEndURL {
    /// A URL.
    public static var schema: SettingSchema { .text("a URL: http://HOST:PORT/PATH, or https://") }

    /// Reads a scalar.
    public static func decode(_ node: ConfigurationNode, _ decoder: inout SettingsDecoder) -> BackEndURL? {
        guard let (text, _) = decoder.scalar(node, schema) else { return nil }
        do {
            return try BackEndURL(text)
        } catch {
            decoder.report(
                .invalidValue, "the URL \(error)", at: node, help: "write it as http://HOST:PORT/PATH; who may ask is told by token")
            return nil
        }
    }

    /// The URL without its query.
    public var settingText: String { text.firstIndex(of: "?").map { "\(text[..<$0])?***" } ?? text }
}

extension BackEndURL: CustomStringConvertible, CustomReflectable {
    /// The URL without its query.
    public var description: String { settingText }
    /// Nothing: a dump shows no query either.
    public var customMirror: Mirror { Mirror(self, children: [(label: String?, value: Any)]()) }
}
