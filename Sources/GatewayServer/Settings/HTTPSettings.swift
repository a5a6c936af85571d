public import GatewayKit

/// `http`: requests that are no WebSocket.
public struct HTTPSettings: Settings {
    /// The largest body.
    public var maxBody = ByteCount.mebibytes(1)
    /// From the first moment of a connection to the end of the request head.
    public var headerTimeout = Duration.seconds(10)
    /// From the end of the head to the end of the body, and as long again for the answer to be taken.
    public var bodyTimeout = Duration.seconds(30)
    /// Between two requests.
    public var keepAlive = Duration.seconds(75)
    /// Plain HTTP connections of one address.
    public var maxConnectionsPerIP = 256
    /// Pages of other sites.
    public var cors = CORSSettings()

    /// The defaults.
    public init() {}

    /// The keys.
    public static let fields: [SettingField<Self>] = [
        SettingField("max_body", \.maxBody, range: ByteCount(1)...(.mebibytes(64)), "The largest body of a request; beyond it 413."),
        SettingField(
            "header_timeout", \.headerTimeout, range: .milliseconds(100)...(.seconds(600)),
            "How long a connection has to send its request head."),
        SettingField(
            "body_timeout", \.bodyTimeout, range: .milliseconds(100)...(.seconds(600)),
            "How long a client has to send a body, and to take an answer."),
        SettingField(
            "keep_alive", \.keepAlive, range: .milliseconds(100)...(.seconds(3600)), "How long a connection may wait for its next request."),
        SettingField("max_connections_per_ip", \.maxConnectionsPerIP, range: 1...1_000_000, "Plain HTTP connections of one address."),
        SettingField("cors", \.cors, "Which sites' pages may read the answers."),
    ]
}

/// `http.cors`: pages of other sites.
public struct CORSSettings: Settings {
    /// The sites.
    public var origins: [String] = []

    /// The defaults.
    public init() {}

    /// The keys.
    public static let fields: [SettingField<Self>] = [
        SettingField("origins", \.origins, "Sites as https://app.example.com, or \"*\" for all of them.")
    ]

    /// Looks at each site.
    public func validate(_ report: inout SettingsReport) {
        for origin in origins where origin != "*" && !Self.isOrigin(origin) {
            report.add(.error, .invalidValue, "origins", "'\(origin.prefix(60))' is no site", help: "write it like https://app.example.com")
        }
    }

    private static func isOrigin(_ text: String) -> Bool {
        guard let scheme = ["https://", "http://"].first(where: { text.hasPrefix($0) }) else { return false }
        let host = text.dropFirst(scheme.count)
        return !host.isEmpty && host.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "/") }
    }
}
