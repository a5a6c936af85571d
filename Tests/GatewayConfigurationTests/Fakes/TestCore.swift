import GatewayKit

/// Settings of a small gateway: enough to meet every kind of finding.
struct TestCore: Settings {
    var server = ServerPart()
    var auth = AuthPart()
    var limits = LimitsPart()
    var log = LogPart()

    static let fields: [SettingField<Self>] = [
        SettingField("server", \.server, "Where the gateway listens."),
        SettingField("auth", \.auth, "Who has to log in."),
        SettingField("limits", \.limits, "What one client may use."),
        SettingField("log", \.log, "What is logged."),
    ]

    func validate(_ report: inout SettingsReport) {
        if limits.maxQueue < server.maxMessageSize {
            report.add(
                .error, .outOfRange, "limits.max_queue",
                "\(limits.maxQueue.settingText) is below server.max_message_size (\(server.maxMessageSize.settingText))",
                other: ("server.max_message_size", "max_message_size set"))
        }
    }
}

struct ServerPart: Settings {
    var enabled = true
    var host = "0.0.0.0"
    var port = 3000
    var pingInterval = Duration.seconds(30)
    var pingTimeout = Duration.seconds(60)
    var maxMessageSize = ByteCount.mebibytes(1)
    var trustedProxies: [AddressRange] = []
    var socket: FilePath?
    var token = Secret("")

    static let fields: [SettingField<Self>] = [
        SettingField("enabled", \.enabled, environment: .plain("WEBSOCKET_ENABLED"), "Whether the gateway serves."),
        SettingField("host", \.host, environment: .plain("WEBSOCKET_HOST"), "The address."),
        SettingField("port", \.port, range: 0...65535, environment: .plain("WEBSOCKET_PORT"), "The port."),
        SettingField("ping_interval", \.pingInterval, environment: .milliseconds("WEBSOCKET_PING_INTERVAL"), "How often a ping goes out."),
        SettingField(
            "ping_timeout", \.pingTimeout, environment: .milliseconds("WEBSOCKET_PING_TIMEOUT"), "How long a client may be silent."),
        SettingField(
            "max_message_size", \.maxMessageSize, range: ByteCount(1)...(.mebibytes(64)), environment: .bytes("WEBSOCKET_MAX_MESSAGE_SIZE"),
            "The largest message."),
        SettingField("trusted_proxies", \.trustedProxies, "Whose X-Forwarded-For is believed."),
        SettingField("socket", \.socket, "A Unix socket."),
        SettingField("token", \.token, "The administrator's token."),
    ]

    func validate(_ report: inout SettingsReport) {
        if pingTimeout <= pingInterval {
            report.add(
                .error, .invalidValue, "ping_timeout",
                "\(pingTimeout.settingText) is not above ping_interval (\(pingInterval.settingText))",
                other: ("ping_interval", "ping_interval set"))
        }
    }
}

struct AuthPart: Settings {
    var required = true
    var timeout = Duration.seconds(10)

    static let fields: [SettingField<Self>] = [
        SettingField("required", \.required, "Whether a client has to log in."),
        SettingField("timeout", \.timeout, range: .seconds(1)...(.seconds(600)), "How long a client has for it."),
    ]
}

struct LimitsPart: Settings {
    var maxQueue = ByteCount.mebibytes(4)
    var maxBatch = 100

    static let fields: [SettingField<Self>] = [
        SettingField("max_queue", \.maxQueue, "What waits for one client."),
        SettingField("max_batch", \.maxBatch, range: 1...1000, "How many messages a batch has."),
    ]
}

struct LogPart: Settings {
    enum Level: String, CaseIterable, SettingValue { case debug, info, warning, error }
    enum Format: String, CaseIterable, SettingValue { case text, json }

    var level = Level.info
    var format = Format.text

    static let fields: [SettingField<Self>] = [
        SettingField("level", \.level, "What is logged at all."), SettingField("format", \.format, "How it looks."),
    ]
}
