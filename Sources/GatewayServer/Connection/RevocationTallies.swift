import GatewayKit
import Synchronization

/// How many connections the revocations that are under way have ended so far, whichever pass over the sessions finds them.
///
/// Callable on any thread. At most one entry for each caller that waits for its revocation.
final class RevocationTallies: Sendable {
    private struct Contents {
        var lastID = 0
        var open: [Int: (revocation: Revocation, count: Int)] = [:]
    }

    private let contents = Mutex(Contents())

    /// Begins to count; answers what to end it by.
    func begin(_ revocation: Revocation) -> Int {
        contents.withLock { contents in
            contents.lastID &+= 1
            contents.open[contents.lastID] = (revocation, 0)
            return contents.lastID
        }
    }

    /// Ends a count and answers it.
    func end(_ id: Int) -> Int { contents.withLock { $0.open.removeValue(forKey: id)?.count ?? 0 } }

    /// A connection is sent away, since its token is revoked.
    func note(_ principal: Principal) {
        contents.withLock { contents in
            for (id, tally) in contents.open where tally.revocation.covers(principal) { contents.open[id]?.count = tally.count + 1 }
        }
    }
}
