public import GatewayKit

/// The settings of ``RateLimit``.
public struct RateLimitSettings: Settings {
    /// Whose messages are counted together.
    public enum Per: String, Sendable, CaseIterable, SettingValue {
        /// Each connection by itself.
        case connection
        /// All connections of a user; a connection that is nobody's by itself.
        case user
        /// All connections of an address: an IPv4 address or an IPv6 /64.
        case ip
    }

    /// Whose messages are counted together.
    public var per = Per.connection
    /// How many messages, in the long run.
    public var rate = Rate(50)
    /// How many messages at once.
    public var burst = 100
    /// How many bytes a second; nil where bytes do not count.
    public var bytes: ByteCount?

    /// The defaults.
    public init() {}

    /// The keys.
    public static let fields: [SettingField<Self>] = [
        SettingField("per", \.per, "Whose messages are counted together; ip is an IPv4 address or an IPv6 /64."),
        SettingField("rate", \.rate, "How many messages may be published in the long run."),
        SettingField("burst", \.burst, range: 1...1_000_000, "How many messages may be published at once."),
        SettingField(
            "bytes", \.bytes, range: .kibibytes(1)...(.mebibytes(1 << 20)),
            "How many bytes may be published a second, and at once; null = bytes do not count."),
    ]

    /// Compares burst and rate.
    public func validate(_ report: inout SettingsReport) { report.compare(burst: burst, with: rate) }
}
