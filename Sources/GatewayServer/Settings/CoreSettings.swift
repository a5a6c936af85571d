public import GatewayKit

/// The settings of the core: the keys at the top of gateway.yaml beside `pipeline`, `modules` and `profiles`.
public struct CoreSettings: Settings {
    /// `server`: the listener and its connections.
    public var server = ServerSettings()
    /// `http`: requests that are no WebSocket.
    public var http = HTTPSettings()
    /// `admin`: the listener for health, metrics and the admin API.
    public var admin = AdminSettings()
    /// `auth`: when a client has to say who it is.
    public var auth = AuthSettings()
    /// `limits`: bounds of everything that grows.
    public var limits = LimitSettings()
    /// `log`: what is logged, and how.
    public var log = LogSettings()

    /// The defaults.
    public init() {}

    /// The keys.
    public static let fields: [SettingField<Self>] = [
        SettingField("server", \.server, "The listener and its connections."),
        SettingField("http", \.http, "Requests that are no WebSocket."),
        SettingField("admin", \.admin, "The listener for health, metrics and the admin API."),
        SettingField("auth", \.auth, "When a client has to say who it is."),
        SettingField("limits", \.limits, "Bounds of everything that grows."),
        SettingField("log", \.log, "What is logged, and how."),
    ]

    /// Whether every listener is on loopback, so that only this machine reaches it.
    package var isLoopback: Bool {
        (ClientAddress(server.host)?.isLoopback ?? (server.host == "localhost")) && (!admin.enabled || admin.isLoopback)
    }

    /// Compares keys of different parts.
    public func validate(_ report: inout SettingsReport) {
        if limits.maxQueue <= server.maxMessageSize {
            report.add(
                .error, .outOfRange, "limits.max_queue",
                "\(limits.maxQueue.settingText) is not above server.max_message_size (\(server.maxMessageSize.settingText))",
                other: ("server.max_message_size", "max_message_size is \(server.maxMessageSize.settingText)"),
                help: "one message has to fit into a queue")
        }
        if admin.enabled, admin.port == server.port, server.port != 0, sharesHosts {
            let (own, other) = report.isGiven("admin.port") ? ("admin.port", "server.port") : ("server.port", "admin.port")
            report.add(
                .error, .invalidValue, own, "\(server.port) is \(other) too", other: (other, "\(other) is \(server.port)"),
                help: "give each listener a port of its own")
        }
    }

    /// Whether both listeners would take one address, as far as that is known without asking for names.
    private var sharesHosts: Bool {
        let hosts = [server.host.lowercased(), admin.host.lowercased()]
        if hosts[0] == hosts[1] || hosts.contains("::") { return true }
        // An address of IPv6 beside all those of IPv4.
        return hosts.contains("0.0.0.0") && !hosts.contains { $0.contains(":") }
    }
}

/// `log`: what is logged, and how.
///
/// To standard error.
public struct LogSettings: Settings {
    /// How much is logged.
    public enum Level: String, Sendable, CaseIterable, SettingValue {
        /// Each refusal.
        case debug
        /// Starts, closed connections, refusals counted.
        case info
        /// What somebody should look at.
        case warning
        /// What went wrong.
        case error
    }

    /// How a line looks.
    public enum Format: String, Sendable, CaseIterable, SettingValue {
        /// For people.
        case text
        /// One JSON object a line.
        case json
    }

    /// How much is logged.
    public var level = Level.info
    /// How a line looks.
    public var format = Format.text

    /// The defaults.
    public init() {}

    /// The keys.
    public static let fields: [SettingField<Self>] = [
        SettingField("level", \.level, "How much is logged."),
        SettingField("format", \.format, "Lines for people, or one JSON object a line."),
    ]
}
