public import GatewayKit

/// What stands under `modules.redis`.
public struct RedisSettings: Settings {
    /// What becomes of a message that is published while Redis is away.
    public enum OnOutage: String, Sendable, CaseIterable, SettingValue {
        /// It is refused.
        case reject
        /// It is delivered to the subscribers of this gateway, with a mark, and refused.
        case local
    }

    /// Where Redis is.
    public var url = RedisURL()
    /// The beginning of the names of all channels and keys.
    public var prefix = "gateway"
    /// A PEM file with the authorities that a certificate of Redis may come from.
    public var tlsAuthorities: FilePath?
    /// What becomes of what is published while Redis is away.
    public var onOutage = OnOutage.reject
    /// How many segments of its patterns a gateway tells Redis.
    public var wildcardPrefixSegments = 2
    /// How many patterns a gateway asks Redis for.
    public var maxPatterns = 1000
    /// How much may be on its way to Redis from one event loop.
    public var maxPending = ByteCount(16 << 20)
    /// How many subscriptions may wait for their confirmation.
    public var maxUnconfirmed = 200_000
    /// How long a connection may take, its greeting included.
    public var connectTimeout = Duration.seconds(5)
    /// How often each event loop sends a probe through Redis.
    public var probeInterval = Duration.seconds(1)
    /// How long a probe may take.
    public var probeTimeout = Duration.seconds(5)

    /// The defaults.
    public init() {}

    /// The keys.
    public static let fields: [SettingField<Self>] = [
        SettingField(
            "url", \.url, environment: .plain("PUBSUB_REDIS_URL"),
            "Where Redis is; special characters of user and password as %XX. rediss:// for TLS."),
        SettingField("prefix", \.prefix, "The beginning of the names of channels and keys: one for each deployment that shares a Redis."),
        SettingField("tls_authorities", \.tlsAuthorities, "A PEM file with the authorities that are trusted; null = those of the system."),
        SettingField(
            "on_outage", \.onOutage,
            "What becomes of what is published while Redis is away: reject = refused; local = refused, and delivered on this gateway."),
        SettingField(
            "wildcard_prefix_segments", \.wildcardPrefixSegments, range: 0...4,
            "How many segments of a wildcard pattern Redis is told; what that brings too much is dropped here."),
        SettingField(
            "max_patterns", \.maxPatterns, range: 1...100_000,
            "How many patterns Redis is asked for; over it they are told one segment, then none."),
        SettingField(
            "max_pending", \.maxPending, range: ByteCount(1 << 20)...ByteCount(1 << 30),
            "How much may be on its way to Redis from one event loop; more is 503 overloaded."),
        SettingField(
            "max_unconfirmed", \.maxUnconfirmed, range: 1000...10_000_000,
            "How many new subscriptions may wait for Redis to confirm them; over it the connection is made anew."),
        SettingField(
            "connect_timeout", \.connectTimeout, range: .milliseconds(100)...(.seconds(60)),
            "How long a connection may take, its greeting included."
        ),
        SettingField(
            "probe_interval", \.probeInterval, range: .milliseconds(50)...(.seconds(2)),
            "How often each event loop sends a message of its own through Redis, to see whether it comes back."),
        SettingField(
            "probe_timeout", \.probeTimeout, range: .milliseconds(100)...(.seconds(30)),
            "How long that may take; then the connections are made anew."),
    ]

    /// The prefix is a word, and no beginning of another deployment's channels.
    public func validate(_ report: inout SettingsReport) {
        let isWord = !prefix.isEmpty && prefix.utf8.count <= 64 && prefix.utf8.allSatisfy { (0x21...0x7E).contains($0) }
        guard isWord, !prefix.contains(where: { $0 == ":" || $0 == "@" }) else {
            return report.add(
                .error, .invalidValue, "prefix", "has to be 1 to 64 printable characters, none of them a space, : or @",
                help: "write prefix: gateway")
        }
    }
}
