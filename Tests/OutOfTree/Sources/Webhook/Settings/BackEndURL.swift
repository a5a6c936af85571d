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
        guard text.utf8.allSatisfy({ Self.characters.contains($0) }) else { throw Fault.character }
        guard let scheme = ["http://", "https://"].first(where: { text.lowercased().hasPrefix($0) }) else {
            throw Fault("begins neither with http:// nor with https://")
        }
        let rest = text.dropFirst(scheme.count)
        guard !rest.contains("#") else { throw Fault("has a #") }
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        guard !authority.contains("@") else { throw Fault("names a user") }
        try Self.check(authority)
        let target = rest[authority.endIndex...]
        guard !target.contains(where: { "[]".contains($0) }) else { throw Fault.character }
        try Self.checkPercents(target)
        self.text = text
    }

    /// Checks a host, or an IPv6 address in brackets, and a port.
    private static func check(_ authority: Substring) throws(Fault) {
        guard authority.hasPrefix("[") else {
            guard !isIPv6Address(authority) else { throw Fault("has an IPv6 address without brackets") }
            let colon = authority.firstIndex(of: ":") ?? authority.endIndex
            try checkHost(authority[..<colon])
            return try checkPort(authority[colon...])
        }
        guard let end = authority.firstIndex(of: "]") else { throw Fault("has a [ without its ]") }
        guard isIPv6Address(authority[..<end].dropFirst()) else {
            throw Fault("has in brackets what is no IPv6 address, or one with a zone")
        }
        let port = authority[end...].dropFirst()
        guard port.isEmpty || port.hasPrefix(":") else { throw Fault("has something else than a port behind its ]") }
        try checkPort(port)
    }

    private static func isIPv6Address(_ text: Substring) -> Bool { text.contains(":") && ClientAddress(String(text)) != nil }

    /// Checks a name, or an IPv4 address.
    private static func checkHost(_ host: Substring) throws(Fault) {
        guard !host.isEmpty else { throw Fault("names no host") }
        guard host.utf8.allSatisfy({ hostCharacters.contains($0) }) else { throw Fault("has a host with a character that no host has") }
        // A dot at the end says that the name is whole.
        let name = host.hasSuffix(".") ? host.dropLast() : host
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        guard name.utf8.count <= 253, parts.allSatisfy({ (1...63).contains($0.utf8.count) }) else {
            throw Fault("has a host with a part of no bytes or of more than 63, or with more than 253 in all")
        }
        // No domain ends in a number: what looks like an address is looked up nowhere.
        let isNumber = parts.last?.utf8.allSatisfy { (48...57).contains($0) } == true
        guard !isNumber || ClientAddress(String(host)) != nil else {
            throw Fault("has a host that ends in a number and is no IPv4 address")
        }
    }

    /// Checks a port with the colon before it, or nothing.
    private static func checkPort(_ text: Substring) throws(Fault) {
        guard !text.isEmpty else { return }
        let digits = text.dropFirst()
        let areDigits = (1...5).contains(digits.utf8.count) && digits.utf8.allSatisfy { (48...57).contains($0) }
        guard areDigits, let number = Int(digits), (1...65_535).contains(number) else { throw Fault("has no valid port") }
    }

    private static func checkPercents(_ text: Substring) throws(Fault) {
        let areDigits = text.split(separator: "%", omittingEmptySubsequences: false).dropFirst().allSatisfy { part in
            part.count >= 2 && part.prefix(2).allSatisfy(\.isHexDigit)
        }
        guard areDigits else { throw Fault("has a % that two hex digits do not follow") }
    }

    /// An underscore is in no name of a public host, and in many of private ones.
    private static let hostCharacters = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._".utf8)
    private static let characters = hostCharacters.union("~:/?#[]@!$&'()*+,;=%".utf8)

    /// Why a text is no such URL.
    public struct Fault: Error, Sendable, CustomStringConvertible {
        /// What is wrong, as the end of a sentence.
        public let description: String

        fileprivate static let character = Fault("has a character that has to stand as %XX")

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
