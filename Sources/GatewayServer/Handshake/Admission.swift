import GatewayKit
import Synchronization

/// What the core counts of connections itself: all of them, and those of an address that are plain HTTP or wait for a refusal.
///
/// Shared by all loops behind one lock; taken a few times a connection, never for a message.
final class Admission: Sendable {
    /// What is counted for an address group.
    enum Kind: Hashable, Sendable {
        /// A plain HTTP request is being answered.
        case http
        /// The accept stage has refused; the request is read so that it can be answered.
        case refused
    }
    private struct Key: Hashable {
        let kind: Kind
        let group: ClientAddress
    }
    private struct Contents {
        var connections = 0
        var groups: [Key: Int] = [:]
    }

    private let contents = Mutex(Contents())
    private let maxConnections: Int

    init(settings: CoreSettings) { maxConnections = settings.server.maxConnections }

    /// How many connections count now.
    var connections: Int { contents.withLock { $0.connections } }

    /// Counts one more connection, where there is room.
    func takeConnection() -> Bool {
        contents.withLock { contents in
            guard contents.connections < maxConnections else { return false }
            contents.connections += 1
            return true
        }
    }

    func releaseConnection() { contents.withLock { $0.connections -= 1 } }

    /// Counts one more of a kind for an address group, where there is room.
    func take(_ kind: Kind, _ address: ClientAddress, limit: Int) -> Bool {
        let key = Key(kind: kind, group: address.group)
        return contents.withLock { contents in
            let count = contents.groups[key, default: 0]
            guard count < limit else { return false }
            contents.groups[key] = count + 1
            return true
        }
    }

    func release(_ kind: Kind, _ address: ClientAddress) {
        let key = Key(kind: kind, group: address.group)
        contents.withLock { contents in
            let count = contents.groups[key, default: 0] - 1
            contents.groups[key] = count > 0 ? count : nil
        }
    }
}
