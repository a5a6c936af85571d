public import GatewayKit

/// Where Redis is and how to log in there: `redis://USER:PASSWORD@HOST:PORT/DATABASE`, or `rediss://` for TLS.
///
/// The scheme is that of IANA's registration of redis; the password is never shown.
public struct RedisURL: Hashable, Sendable, SettingValue {
    /// Whether the connection is encrypted.
    public var isSecure = false
    /// Who to log in as; nil for Redis' default user.
    public var user: String?
    /// The password; nil where there is none.
    public var password: String?
    /// The host's name or address.
    public var host = "localhost"
    /// The port.
    public var port = 6379
    /// The number of the database; it matters for keys alone, which is why it stands in the names of channels too.
    public var database = 0

    /// Redis on this machine.
    public init() {}

    /// Reads a URL.
    ///
    /// - Parameter text: The URL; what is outside of letters, digits and `-._~` in user and password as `%XX`.
    /// - Throws: ``Fault`` that says what is wrong, without the password.
    public init(_ text: String) throws(Fault) {
        guard let schemeEnd = text.firstRange(of: "://") else { throw Fault("has no scheme") }
        switch text[..<schemeEnd.lowerBound].lowercased() {
        case "redis": isSecure = false
        case "rediss": isSecure = true
        default: throw Fault("begins neither with redis:// nor with rediss://")
        }
        var rest = text[schemeEnd.upperBound...]
        guard !rest.contains(where: { $0 == "?" || $0 == "#" || $0.isWhitespace }) else { throw Fault("has a ?, a # or a space") }
        if let slash = rest.firstIndex(of: "/") {
            let number = rest[rest.index(after: slash)...]
            guard number.isEmpty || number.utf8.allSatisfy({ (48...57).contains($0) }), let database = number.isEmpty ? 0 : Int(number)
            else { throw Fault("has a path that is no number of a database") }
            self.database = database
            rest = rest[..<slash]
        }
        if let at = rest.lastIndex(of: "@") {
            try readLogin(rest[..<at])
            rest = rest[rest.index(after: at)...]
        }
        try readAddress(rest)
    }

    private mutating func readLogin(_ login: Substring) throws(Fault) {
        let colon = login.firstIndex(of: ":")
        let user = try Self.decoded(login[..<(colon ?? login.endIndex)])
        self.user = user.isEmpty ? nil : user
        if let colon { password = try Self.decoded(login[login.index(after: colon)...]) }
        guard self.user == nil || password != nil else { throw Fault("has a user without a password") }
    }

    private mutating func readAddress(_ address: Substring) throws(Fault) {
        var name = address
        if address.hasPrefix("[") {
            guard let end = address.firstIndex(of: "]") else { throw Fault("has a [ without its ]") }
            host = String(address[address.index(after: address.startIndex)..<end])
            name = address[address.index(after: end)...]
        } else {
            name = address[(address.lastIndex(of: ":") ?? address.endIndex)...]
            host = String(address[..<name.startIndex])
        }
        guard !host.isEmpty, address.hasPrefix("[") || !host.contains(":") else { throw Fault("names no host") }
        guard !name.isEmpty else { return }
        guard name.hasPrefix(":"), name.dropFirst().utf8.allSatisfy({ (48...57).contains($0) }), let port = Int(name.dropFirst()),
            (1...65_535).contains(port)
        else { throw Fault("has no valid port") }
        self.port = port
    }

    private static func decoded(_ text: Substring) throws(Fault) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            // A sign before a digit is a number for Swift too.
            guard rest.count >= 2, rest.first != UInt8(ascii: "+"), rest.first != UInt8(ascii: "-"),
                let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            else {
                throw Fault("has a % in user or password that two hex digits do not follow")
            }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        guard let decoded = String(validating: bytes, as: UTF8.self) else { throw Fault("has a user or a password that is no UTF-8") }
        return decoded
    }

    /// Why a text is no such URL.
    public struct Fault: Error, Sendable, CustomStringConvertible {
        /// What is wrong, as the end of a sentence.
        public let description: String

        init(_ description: String) { self.description = description }
    }
}

extension RedisURL {
    /// A URL.
    public static var schema: SettingSchema { .text("a URL: redis://USER:PASSWORD@HOST:PORT/DATABASE, or rediss:// for TLS") }

    /// Reads a scalar; warns where a password stands in the file itself.
    public static func decode(_ node: ConfigurationNode, _ decoder: inout SettingsDecoder) -> RedisURL? {
        guard let (text, _) = decoder.scalar(node, schema) else { return nil }
        do {
            let url = try RedisURL(text)
            if case .file = node.place.origin, url.password != nil, !node.isFilled {
                decoder.report(
                    Diagnostic(
                        .warning, .literalSecret, "\(decoder.pathText): a password stands in the file", at: node.place,
                        help: "write ${PUBSUB_REDIS_URL}, or leave the key out: the variable is read anyway"))
            }
            return url
        } catch {
            decoder.report(
                .invalidValue, "the URL \(error)", at: node, help: "write it as redis://HOST:PORT, with %XX for special characters")
            return nil
        }
    }

    /// The URL without its password, for people.
    public var settingText: String {
        let login = user != nil || password != nil ? "\(user ?? ""):***@" : ""
        return "\(isSecure ? "rediss" : "redis")://\(login)\(authority)\(database == 0 ? "" : "/\(database)")"
    }

    /// `HOST:PORT`.
    var authority: String { "\(host.contains(":") ? "[\(host)]" : host):\(port)" }
}

extension RedisURL: CustomStringConvertible, CustomReflectable {
    /// The URL without its password.
    public var description: String { settingText }
    /// Nothing: a dump shows no secret either.
    public var customMirror: Mirror { Mirror(self, children: [(label: String?, value: Any)]()) }
}
