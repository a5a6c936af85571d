public import GatewayKit

/// The settings of ``IPCap``.
public struct IPCapSettings: Settings {
    /// How many connections an IPv4 address or an IPv6 /64 may have at once.
    public var maxConnections = 100
    /// How many connections an IPv6 /48 may have at once; nil for ten times ``maxConnections``.
    public var maxConnectionsPer48: Int?
    /// How often an address may connect, in the long run.
    public var connectRate = Rate(20)
    /// How often an address may connect at once.
    public var connectBurst = 100
    /// How many addresses are counted by themselves.
    public var maxTracked = 100_000

    /// The defaults.
    public init() {}

    /// The keys.
    public static let fields: [SettingField<Self>] = [
        SettingField(
            "max_connections", \.maxConnections, range: 1...1_000_000, environment: .plain("WEBSOCKET_MAX_CONNECTIONS_PER_IP"),
            "How many connections an IPv4 address or an IPv6 /64 may have at once."),
        SettingField(
            "max_connections_per_48", \.maxConnectionsPer48, range: 1...10_000_000,
            "How many connections an IPv6 /48 may have at once; null = ten times max_connections."),
        SettingField(
            "connect_rate", \.connectRate, "How often an IPv4 address or an IPv6 /64 may connect in the long run; a /48 ten times that."),
        SettingField(
            "connect_burst", \.connectBurst, range: 1...1_000_000,
            "How often an IPv4 address or an IPv6 /64 may connect at once; a /48 ten times that."),
        SettingField(
            "max_tracked", \.maxTracked, range: 1000...10_000_000,
            "How many addresses and networks are counted by themselves; beyond it new ones share one count."),
    ]

    /// Compares burst and rate; a /48 that may have fewer connections than a /64 in it is a slip, and harmless: the smaller number applies.
    public func validate(_ report: inout SettingsReport) {
        report.compare(burst: connectBurst, with: connectRate, keys: "connect_burst", "connect_rate")
        guard let maxConnectionsPer48, maxConnectionsPer48 < maxConnections else { return }
        report.add(
            .warning, .outOfRange, "max_connections_per_48",
            "\(maxConnectionsPer48) is less than max_connections (\(maxConnections)), which a single /64 may have",
            other: ("max_connections", "max_connections is set here"), help: "write \(maxConnections) or more")
    }
}
