import GatewayKit
import NIOCore

/// Who has how many connections: a value that decides and does nothing.
///
/// An entry goes once it counts nothing and its bucket is full again, so a new one would be the same. Where `maxTracked` entries are in
/// use, addresses without one share a single count until there is room.
struct AddressLedger: Sendable {
    /// Where a connection was counted.
    ///
    /// An entry that counts a connection stays, so the address leads back to it.
    enum Charge: Sendable, Equatable {
        /// In the entries of its own address.
        case own
        /// In the one that all newcomers share while the table is full.
        case shared
    }

    /// What becomes of a new connection.
    enum Admission: Sendable, Equatable {
        /// It was counted.
        case counted(Charge)
        /// The address has as many as it may.
        case tooMany
        /// The address connects too fast.
        case tooFast(retryAfter: Duration)
    }

    /// A network of a length; a /64 and the /48 around it can have the same bytes.
    private struct Network: Hashable {
        let prefix: ClientAddress
        let isSite: Bool
    }

    private var counts = SweptTable<Network, AddressCount>()
    private var shared = AddressCount()

    /// How many addresses and networks are counted by themselves now.
    var tracked: Int { counts.count }
    /// How many connections are counted under the address alone.
    func connections(of address: ClientAddress) -> Int { counts[group(address)]?.connections ?? 0 }
    /// How many connections are counted under the address's /48.
    func connections(ofSite address: ClientAddress) -> Int { site(address).flatMap { counts[$0]?.connections } ?? 0 }
    /// How many connections are counted together because the table was full.
    var sharedConnections: Int { shared.connections }

    mutating func admit(_ address: ClientAddress, _ limits: AddressLimits, now: NIODeadline) -> Admission {
        // At most two entries are added below: eight looks keep what is idle few, at a cost that does not depend on the table's size.
        counts.sweep(8) { $0.isIdle(now: now) }
        let group = group(address)
        let site = site(address)
        let missing = (counts[group] == nil ? 1 : 0) + (site.map { counts[$0] == nil ? 1 : 0 } ?? 0)
        guard missing == 0 || counts.count + missing <= limits.maxTracked else {
            return shared.add(limits.group, now: now) ?? .counted(.shared)
        }
        // Copies, so that a refusal by the second changes nothing in the first.
        var groupCount = counts[group] ?? AddressCount()
        if let refusal = groupCount.add(limits.group, now: now) { return refusal }
        if let site {
            var siteCount = counts[site] ?? AddressCount()
            if let refusal = siteCount.add(limits.site, now: now) { return refusal }
            counts[site] = siteCount
        }
        counts[group] = groupCount
        return .counted(.own)
    }

    mutating func release(_ address: ClientAddress, _ charge: Charge) {
        switch charge {
        case .shared: shared.remove()
        case .own:
            counts[group(address)]?.remove()
            if let site = site(address) { counts[site]?.remove() }
        }
    }

    private func group(_ address: ClientAddress) -> Network { Network(prefix: address.group, isSite: false) }
    private func site(_ address: ClientAddress) -> Network? {
        address.isIPv6 ? Network(prefix: address.prefix(48), isSite: true) : nil
    }
}

/// The connections of one network: how many there are, and how fast new ones came.
private struct AddressCount: Sendable {
    private(set) var connections = 0
    private var connects = TokenBucket()

    /// Counts one more connection, or says why not and counts nothing.
    mutating func add(_ level: AddressLimits.Level, now: NIODeadline) -> AddressLedger.Admission? {
        guard connections < level.maxConnections else { return .tooMany }
        if let wait = connects.take(1, at: level.connects, now: now) { return .tooFast(retryAfter: wait) }
        connections += 1
        return nil
    }

    mutating func remove() { connections = max(0, connections - 1) }

    func isIdle(now: NIODeadline) -> Bool { connections == 0 && connects.isFull(now: now) }
}
