private import GatewayKit

/// A scheme, a host and a port: what a browser sends as `Origin` (RFC 6454, 6.1).
public struct WebOrigin: Hashable, Sendable {
    /// In lower case.
    public let scheme: String
    /// In lower case; an IPv6 address in brackets, always in the same form.
    public let host: String
    /// The port; that of the scheme where none was given, nil where the scheme has none.
    public let port: Int?

    /// Reads an origin.
    ///
    /// - Throws: ``OriginError`` that says what is wrong.
    public init(_ text: String) throws(OriginError) {
        guard let mark = text.firstRange(of: "://"), Self.isScheme(text[..<mark.lowerBound]) else { throw .scheme }
        let scheme = text[..<mark.lowerBound].lowercased()
        guard scheme != "ws", scheme != "wss" else { throw .webSocket }
        let authority = text[mark.upperBound...]
        guard !authority.contains(where: { "/?#".contains($0) }) else { throw .path }
        guard !authority.contains("@") else { throw .user }
        let (host, port) = try Self.split(authority)
        self.scheme = scheme
        self.host = try Self.normalized(host)
        self.port = port ?? Self.defaultPorts[scheme]
    }

    /// Whether the origin differs from the parent by one or more labels in front of the host, and in nothing else.
    public func isSubdomain(of parent: WebOrigin) -> Bool {
        scheme == parent.scheme && port == parent.port && host.hasSuffix("." + parent.host)
    }

    /// What stands before the host, and after it where the port is not the scheme's own.
    var surroundings: (before: String, after: String) {
        let isDefault = port == Self.defaultPorts[scheme]
        return ("\(scheme)://", isDefault ? "" : port.map { ":\($0)" } ?? "")
    }

    private static let defaultPorts = ["http": 80, "https": 443]

    /// RFC 3986, 3.1.
    private static func isScheme(_ text: Substring) -> Bool {
        guard let first = text.first, first.isASCII, first.isLetter else { return false }
        return text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "+-.".contains($0)) }
    }

    private static func split(_ authority: Substring) throws(OriginError) -> (host: Substring, port: Int?) {
        // The colons of an IPv6 address are no port's.
        let start = authority.hasPrefix("[") ? authority.firstIndex(of: "]") ?? authority.endIndex : authority.startIndex
        guard let colon = authority[start...].firstIndex(of: ":") else { return (authority, nil) }
        let digits = authority[authority.index(after: colon)...]
        let isNumber = digits.utf8.count <= 5 && digits.utf8.allSatisfy { (48...57).contains($0) }
        guard isNumber, let port = Int(digits), (1...65_535).contains(port) else { throw .port }
        return (authority[..<colon], port)
    }

    private static func normalized(_ host: Substring) throws(OriginError) -> String {
        if host.hasPrefix("["), host.hasSuffix("]") {
            let text = host.dropFirst().dropLast()
            guard text.contains(":"), let address = ClientAddress(String(text)) else { throw .host }
            return "[\(address)]"
        }
        let isName = host.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
            !label.isEmpty && label.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") }
        }
        guard isName else { throw .host }
        return host.lowercased()
    }
}

extension WebOrigin: CustomStringConvertible {
    /// The origin as browsers send it, without the scheme's own port.
    public var description: String { "\(surroundings.before)\(host)\(surroundings.after)" }
}

/// What is wrong with an origin.
public enum OriginError: String, Error, Sendable, CaseIterable {
    /// No scheme, or one with characters that none has.
    case scheme = "has no scheme"
    /// `ws` or `wss`, which no page has.
    case webSocket = "has the scheme of a WebSocket; browsers send the scheme of the page"
    /// Something after the host.
    case path = "has a path or a slash at its end; an origin ends with the host or the port"
    /// A user, with or without a password.
    case user = "has a user; an origin starts with the host"
    /// A host that is none.
    case host = "has no valid host"
    /// A port that is none.
    case port = "has no valid port"
}
