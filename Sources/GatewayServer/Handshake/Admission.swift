import GatewayKit
import Synchronization

/// What the core counts of connections itself: all of them, and those of an address that are plain HTTP or wait for a refusal.
///
/// IPv6 is counted by /64, and once more by /48, which may have ten times as many. Shared by all loops behind one lock; taken a few times a connection, never for a message.
final class Admission: Sendable {
    /// What is counted for an address group.
    enum Kind: Hashable, Sendable {
        /// A plain HTTP request is being answered.
        case http
        /// The same on a listener of its own.
        case admin
        /// The accept stage has refused; the request is read so that it can be answered.
        case refused
        /// The peer is a proxy that has not said yet whom it speaks for.
        case pending
    }
    private struct Key: Hashable {
        let kind: Kind
        let prefix: ClientAddress
        var isSite = false
    }
    private struct Contents {
        var maxConnections: Int
        var connections = 0
        var refused = 0
        var networks: [Key: Int] = [:]
        var maxWaiting: Int { max(1000, maxConnections / 10) }
    }

    private let contents: Mutex<Contents>

    init(settings: CoreSettings) { contents = Mutex(Contents(maxConnections: settings.server.maxConnections)) }

    /// How many sockets may wait for a refusal, and how many of one proxy for a head: what they are is not known, or not wanted.
    var maxWaiting: Int { contents.withLock { $0.maxWaiting } }

    /// Takes over new limits; who is in stays.
    func adopt(_ settings: CoreSettings) { contents.withLock { $0.maxConnections = settings.server.maxConnections } }

    /// How many connections count now.
    var connections: Int { contents.withLock { $0.connections } }

    /// Counts one more connection, where there is room.
    func takeConnection() -> Bool {
        contents.withLock { contents in
            guard contents.connections < contents.maxConnections else { return false }
            contents.connections += 1
            return true
        }
    }

    func releaseConnection() { contents.withLock { $0.connections -= 1 } }

    /// Counts one more of a kind for an address, where there is room.
    func take(_ kind: Kind, _ address: ClientAddress, limit: Int) -> Bool {
        let keys = Self.keys(kind, address)
        return contents.withLock { contents in
            if kind == .refused, contents.refused >= contents.maxWaiting { return false }
            for key in keys where contents.networks[key, default: 0] / (key.isSite ? 10 : 1) >= limit { return false }
            for key in keys { contents.networks[key, default: 0] += 1 }
            if kind == .refused { contents.refused += 1 }
            return true
        }
    }

    func release(_ kind: Kind, _ address: ClientAddress) {
        let keys = Self.keys(kind, address)
        contents.withLock { contents in
            for key in keys {
                let count = contents.networks[key, default: 0] - 1
                contents.networks[key] = count > 0 ? count : nil
            }
            if kind == .refused { contents.refused -= 1 }
        }
    }

    private static func keys(_ kind: Kind, _ address: ClientAddress) -> [Key] {
        let group = Key(kind: kind, prefix: address.group)
        return address.isIPv6 ? [group, Key(kind: kind, prefix: address.prefix(48), isSite: true)] : [group]
    }
}
