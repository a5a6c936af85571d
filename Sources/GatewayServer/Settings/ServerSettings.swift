public import GatewayKit

/// `server`: the listener and its connections.
public struct ServerSettings: Settings {
    /// Whether the WebSocket endpoint exists; the port is open all the same.
    public var enabled = true
    /// The address to listen on.
    public var host = "0.0.0.0"
    /// The port; 0 is any free one.
    public var port = 3000
    /// The path of the WebSocket endpoint.
    public var path = "/ws"
    /// How many event loops serve connections.
    public var eventLoops = EventLoopCount.auto
    /// How often the gateway sends a WebSocket ping.
    public var pingInterval = Duration.seconds(30)
    /// How long nothing may be received.
    public var pingTimeout = Duration.seconds(60)
    /// How many connections the process takes.
    public var maxConnections = 100_000
    /// The hard limit of a message.
    public var maxMessageSize = ByteCount.mebibytes(1)
    /// permessage-deflate.
    public var compression = CompressionSettings()
    /// Certificate and key; nil serves without TLS.
    public var tls: TLSSettings?
    /// Peers whose X-Forwarded-For is believed.
    public var trustedProxies: [AddressRange] = []
    /// How long the peer's close frame is waited for.
    public var closeTimeout = Duration.seconds(5)
    /// How a shutdown goes.
    public var drain = DrainSettings()

    /// The defaults.
    public init() {}

    /// The keys.
    public static let fields: [SettingField<Self>] = [
        SettingField(
            "enabled", \.enabled, environment: .plain("WEBSOCKET_ENABLED"), "Whether the WebSocket endpoint exists; false makes it a 404."),
        SettingField("host", \.host, environment: .plain("WEBSOCKET_HOST"), "The address to listen on."),
        SettingField(
            "port", \.port, range: 0...65535, environment: .plain("WEBSOCKET_PORT"),
            "The port, shared by WebSocket and HTTP; 0 = any free one, printed at start."),
        SettingField("path", \.path, "The path of the WebSocket endpoint."),
        SettingField("event_loops", \.eventLoops, "How many event loops serve connections; auto = one a core."),
        SettingField(
            "ping_interval", \.pingInterval, range: .milliseconds(100)...(.seconds(86400)),
            environment: .milliseconds("WEBSOCKET_PING_INTERVAL"), "How often the gateway sends a WebSocket ping."),
        SettingField(
            "ping_timeout", \.pingTimeout, range: .milliseconds(200)...(.seconds(86400)),
            environment: .milliseconds("WEBSOCKET_PING_TIMEOUT"), "How long nothing may be received before the connection is closed."),
        SettingField("max_connections", \.maxConnections, range: 1...10_000_000, "How many connections the process takes; beyond it 503."),
        SettingField(
            "max_message_size", \.maxMessageSize, range: ByteCount(1)...(.mebibytes(512)),
            environment: .bytes("WEBSOCKET_MAX_MESSAGE_SIZE"), "The hard limit of a message: over it the connection is closed with 1009."),
        SettingField("compression", \.compression, "permessage-deflate; false is all it takes for now."),
        SettingField("tls", \.tls, "Certificate and key files (PEM) to serve wss; null = no TLS."),
        SettingField("trusted_proxies", \.trustedProxies, "Peers whose X-Forwarded-For is believed, as addresses or networks."),
        SettingField(
            "close_timeout", \.closeTimeout, range: .milliseconds(100)...(.seconds(60)), "How long the peer's close frame is waited for."),
        SettingField("drain", \.drain, "How a shutdown goes."),
    ]

    /// Compares the keys.
    public func validate(_ report: inout SettingsReport) {
        if pingTimeout <= pingInterval {
            report.add(
                .error, .invalidValue, "ping_timeout",
                "\(pingTimeout.settingText) is not above ping_interval (\(pingInterval.settingText))",
                other: ("ping_interval", "ping_interval is \(pingInterval.settingText)"), help: "give every ping time to be answered")
        }
        checkHost(&report)
        let isPath =
            path.hasPrefix("/") && path.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#") }
        if !isPath {
            report.add(.error, .invalidValue, "path", "\(report.shownText("path") ?? "'\(path)'") is no path", help: "write it like /ws")
        }
        if compression.enabled {
            report.add(.error, .invalidValue, "compression", "permessage-deflate is not there yet", help: "write {enabled: false}")
        }
    }
}

extension ServerSettings {
    /// Whether the host can be one: an address, or a name of letters, digits, `-`, `_` and `.` whose last part is no number.
    private func checkHost(_ report: inout SettingsReport) {
        let address = host.prefix { $0 != "%" }
        guard ClientAddress(String(address)) == nil, !Self.isName(host) else { return }
        report.add(
            .error, .invalidValue, "host", "\(report.shownText("host") ?? "'\(host)'") is neither an address nor a name", help: hostHelp)
    }

    private static func isName(_ text: String) -> Bool {
        let isPlain = text.utf8.allSatisfy { (48...57).contains($0) || (65...90).contains($0 & 0xDF) || "-_.".utf8.contains($0) }
        return isPlain && text.split(separator: ".").last.map { !$0.allSatisfy(\.isNumber) } ?? false
    }

    private var hostHelp: String {
        let inner = host.drop { $0 == "[" }.prefix { $0 != "]" }
        if inner.count < host.count, ClientAddress(String(inner)) != nil { return "an address stands without brackets: \"\(inner)\"" }
        let parts = host.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        if parts.count == 2, Int(parts[1]) != nil, ClientAddress(parts[0]) != nil || Self.isName(parts[0]) {
            return "the port has a key of its own: {host: \(parts[0]), port: \(parts[1])}"
        }
        return "0.0.0.0 is every address of this machine, 127.0.0.1 is reached from this machine alone"
    }
}

/// `server.event_loops`: a number, or `auto` for one a core.
public enum EventLoopCount: Sendable, Hashable, SettingValue {
    /// One a core.
    case auto
    /// So many.
    case count(Int)

    /// A number or `auto`.
    public static var schema: SettingSchema { .text("auto or a number from 1 to 128", format) }

    private static let format = SettingFormat("^auto$", examples: ["auto"], integers: 1...128)

    /// Reads `auto` or a number.
    public static func decode(_ node: ConfigurationNode, _ decoder: inout SettingsDecoder) -> EventLoopCount? {
        guard let (text, _) = decoder.scalar(node, schema) else { return nil }
        if text == "auto" { return .auto }
        var attempt = decoder
        guard let count = Int.decode(node, &attempt), (1...128).contains(count) else {
            decoder.report(.outOfRange, "expected \(schema.title), got \(node.summary)", at: node)
            return nil
        }
        return .count(count)
    }

    /// `auto` or the number.
    public var settingText: String {
        switch self {
        case .auto: "auto"
        case .count(let count): String(count)
        }
    }
}

/// `server.compression`: permessage-deflate, which is not there yet.
public struct CompressionSettings: Settings {
    /// Only false for now.
    public var enabled = false

    /// The defaults.
    public init() {}

    /// The keys.
    public static let fields: [SettingField<Self>] = [SettingField("enabled", \.enabled, "false is all it takes for now.")]
}

/// `server.tls`: PEM files.
public struct TLSSettings: Settings {
    /// The certificate, with its chain.
    public var certificate = FilePath("")
    /// The private key.
    public var key = FilePath("")

    /// No files.
    public init() {}

    /// The keys.
    public static let fields: [SettingField<Self>] = [
        SettingField("certificate", \.certificate, required: true, "The certificate with its chain, as PEM."),
        SettingField("key", \.key, required: true, "The private key, as PEM."),
    ]

    /// Reads both files and throws them away.
    public func verifyFiles(_ report: inout SettingsReport) {
        for fault in TLSContext.faults(self) { report.add(fault, "certificate") }
    }
}

/// `server.drain`: how a shutdown goes.
public struct DrainSettings: Settings {
    /// How long the gateway goes on as before, so that load balancers notice.
    public var grace = Duration.zero
    /// Over how long the clients are sent away.
    public var duration = Duration.seconds(10)

    /// The defaults.
    public init() {}

    /// The keys.
    public static let fields: [SettingField<Self>] = [
        SettingField(
            "grace", \.grace, range: .zero...(.seconds(600)), "How long the gateway goes on as before, so that load balancers notice."),
        SettingField("duration", \.duration, range: .zero...(.seconds(600)), "Over how long the clients are sent away."),
    ]
}
