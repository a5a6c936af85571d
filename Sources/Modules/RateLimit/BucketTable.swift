import GatewayKit
import NIOCore
import Synchronization

/// The buckets of all users, or of all addresses, that publish or published a moment ago.
///
/// Asked once a connection, so a lock will do. An entry stays while a connection holds it or its buckets are not full again: who
/// connects anew finds the old level. At most `limit` entries; beyond it there is none to share.
final class BucketTable<Key: Hashable & Sendable>: Sendable {
    private let table = Mutex(SweptTable<Key, Buckets>())
    private let limit: Int

    init(limit: Int = 1_000_000) { self.limit = limit }

    /// How many there are.
    var count: Int { table.withLock { $0.count } }

    /// The buckets of a key; nil where the table is full.
    func buckets(of key: Key, now: NIODeadline) -> Buckets? {
        table.withLock { table in
            if let found = table[key] { return found }
            // References are handed out under this lock alone, so what nobody else holds nobody can come to hold meanwhile. Eight for
            // each that is added keeps the idle ones few.
            table.sweep(8) { isKnownUniquelyReferenced(&$0) && $0.isFull(now: now) }
            guard table.count < limit else { return nil }
            let made = Buckets()
            table[key] = made
            return made
        }
    }
}
