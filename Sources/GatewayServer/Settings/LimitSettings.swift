public import GatewayKit

/// `limits`: bounds of everything that grows.
public struct LimitSettings: Settings {
    /// Frames in a batch.
    public var maxBatch = 100
    /// Subscriptions of a connection.
    public var maxSubscriptions = 128
    /// Subscriptions of the process.
    public var maxTotalSubscriptions = 2_000_000
    /// A message before authentication.
    public var maxUnauthenticatedMessage = ByteCount.kibibytes(16)
    /// Unfinished messages of the process.
    public var maxTotalInbound = ByteCount.mebibytes(256)
    /// From the first byte of a message to its last.
    public var messageTimeout = Duration.seconds(30)
    /// What is queued for a connection.
    public var maxQueue = ByteCount.mebibytes(4)
    /// What is queued for all.
    public var maxTotalQueue = ByteCount.mebibytes(1024)
    /// Strikes that close a connection.
    public var maxStrikes = 20
    /// The time that strikes count for.
    public var strikeWindow = Duration.seconds(10)

    /// The defaults.
    public init() {}

    /// The keys.
    public static let fields: [SettingField<Self>] = [
        SettingField("max_batch", \.maxBatch, range: 1...10_000, "Frames in one batch."),
        SettingField("max_subscriptions", \.maxSubscriptions, range: 1...1_000_000, "Subscriptions of one connection."),
        SettingField("max_total_subscriptions", \.maxTotalSubscriptions, range: 1...1_000_000_000, "Subscriptions of the process."),
        SettingField(
            "max_unauthenticated_message", \.maxUnauthenticatedMessage, range: ByteCount(256)...(.mebibytes(512)),
            "The hard limit of a message before authentication."),
        SettingField(
            "max_total_inbound", \.maxTotalInbound, range: .mebibytes(1)...(.mebibytes(1 << 20)),
            "All messages together that have begun and not ended; beyond it the largest goes."),
        SettingField(
            "message_timeout", \.messageTimeout, range: .milliseconds(100)...(.seconds(3600)),
            "From the first byte of a message to its last."),
        SettingField(
            "max_queue", \.maxQueue, range: .kibibytes(1)...(.mebibytes(4096)),
            "What is queued for one connection; beyond it the connection is closed."),
        SettingField(
            "max_total_queue", \.maxTotalQueue, range: .mebibytes(1)...(.mebibytes(1 << 20)),
            "What is queued for all connections; beyond it the worst goes."),
        SettingField(
            "max_strikes", \.maxStrikes, range: 1...1_000_000, "Malformed, forbidden or excessive frames that close a connection."),
        SettingField("strike_window", \.strikeWindow, range: .seconds(1)...(.seconds(3600)), "The time that such frames count for."),
    ]
}

/// `auth`: when a client has to say who it is.
public struct AuthSettings: Settings {
    /// Whether it has to at all.
    public var required = true
    /// How long it has, from the 101.
    public var timeout = Duration.seconds(10)
    /// Bad tokens in a row that close the connection.
    public var maxAttempts = 3
    /// How long before its expiry a client is told that its token expires.
    public var expiryNotice = Duration.seconds(60)

    /// The defaults.
    public init() {}

    /// The keys.
    public static let fields: [SettingField<Self>] = [
        SettingField("required", \.required, "Whether a client has to authenticate before anything else."),
        SettingField("timeout", \.timeout, range: .milliseconds(100)...(.seconds(600)), "How long it has for that, from the 101."),
        SettingField("max_attempts", \.maxAttempts, range: 1...100, "Bad tokens in a row that close the connection."),
        SettingField(
            "expiry_notice", \.expiryNotice, range: .zero...(.seconds(86400)), "How long before its token expires a client is told so."),
    ]
}
