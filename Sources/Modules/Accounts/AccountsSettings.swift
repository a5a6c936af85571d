public import GatewayKit

/// What stands under `modules.accounts`.
public struct AccountsSettings: Settings {
    /// The file with users and sessions.
    public var database = FilePath("data/accounts.sqlite")
    /// How long an access token is valid.
    public var accessTTL = Duration.seconds(15 * 60)
    /// How long a refresh token is valid.
    public var refreshTTL = Duration.seconds(30 * 86_400)
    /// Whether the user of the API document exists.
    public var exampleUser = false
    /// How many passwords are hashed at a time.
    public var hashThreads = 2
    /// How many logins may be under way.
    public var hashQueue = 64
    /// How many of them may be of one address.
    public var hashShare = 16

    /// The defaults.
    public init() {}

    /// The keys.
    public static let fields: [SettingField<Self>] = [
        SettingField("database", \.database, "The SQLite file; made at the first start, mode 0600, its folders 0700."),
        SettingField(
            "access_ttl", \.accessTTL, range: .seconds(1)...(.seconds(86_400)), "How long an access token is valid."),
        SettingField(
            "refresh_ttl", \.refreshTTL, range: .seconds(1)...(.seconds(365 * 86_400)),
            "How long a refresh token is valid; each refresh gives a new one."),
        SettingField(
            "example_user", \.exampleUser,
            "Whether user@example.com with the password password123 exists; only while every listener is on loopback."),
        SettingField("hash_threads", \.hashThreads, range: 1...64, "How many passwords are hashed at a time: 32 MiB and a core each."),
        SettingField("hash_queue", \.hashQueue, range: 1...10_000, "How many logins may be under way; one more is 503 overloaded."),
        SettingField(
            "hash_share", \.hashShare, range: 1...10_000, "How many of them may be of one IPv4 address or IPv6 /64; one more is 503."),
    ]

    /// A session lasts as long as its access tokens, at the least.
    public func validate(_ report: inout SettingsReport) {
        guard refreshTTL < accessTTL else { return }
        report.add(
            .error, .invalidValue, "refresh_ttl", "is shorter than access_ttl", other: ("access_ttl", "access_ttl stands here"),
            help: "make it at least as long")
    }
}
