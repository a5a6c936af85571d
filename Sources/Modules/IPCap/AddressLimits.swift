import GatewayKit

/// What the settings allow an address.
struct AddressLimits: Sendable {
    /// What one count allows.
    struct Level: Sendable {
        let maxConnections: Int
        let connects: TokenRate
    }
    /// An IPv4 address or an IPv6 /64.
    let group: Level
    /// An IPv6 /48.
    let site: Level
    /// How many addresses and networks are counted by themselves.
    let maxTracked: Int

    /// A site may have ten times what one of its /64 may: enough for an office, far less than its 65,536 /64s would have by themselves.
    private static let siteFactor = 10

    init(_ settings: IPCapSettings) {
        let rate = settings.connectRate
        group = Level(maxConnections: settings.maxConnections, connects: TokenRate(rate, burst: settings.connectBurst))
        site = Level(
            maxConnections: settings.maxConnectionsPer48 ?? Self.scaled(settings.maxConnections),
            connects: TokenRate(Rate(Self.scaled(rate.count), per: rate.period), burst: Self.scaled(settings.connectBurst)))
        maxTracked = settings.maxTracked
    }

    private static func scaled(_ number: Int) -> Int {
        let (product, overflow) = number.multipliedReportingOverflow(by: siteFactor)
        return overflow ? .max : product
    }
}
