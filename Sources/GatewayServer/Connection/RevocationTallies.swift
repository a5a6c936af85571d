import GatewayKit
import Synchronization

/// How many connections the revocations that are under way have ended so far, whichever pass over the sessions finds them.
///
/// Callable on any thread. At most one entry for each caller that waits for its revocation, and ``maxOpen`` in all.
final class RevocationTallies: Sendable {
    private struct Tally {
        let id: Int
        let revocation: Revocation
        var count = 0
    }

    private struct Contents {
        var lastID = 0
        var open: [Tally] = []
    }

    /// Beyond it no further one begins: each connection that ends is compared with all of them.
    static let maxOpen = 1000

    private let contents = Mutex(Contents())

    /// Begins to count; answers what to end it by, nil where too many are open.
    func begin(_ revocation: Revocation) -> Int? {
        contents.withLock { contents in
            guard contents.open.count < Self.maxOpen else { return nil }
            contents.lastID &+= 1
            contents.open.append(Tally(id: contents.lastID, revocation: revocation))
            return contents.lastID
        }
    }

    /// Ends a count and answers it.
    func end(_ id: Int) -> Int {
        contents.withLock { contents in
            guard let index = contents.open.firstIndex(where: { $0.id == id }) else { return 0 }
            return contents.open.remove(at: index).count
        }
    }

    /// A connection is sent away, since its token is revoked.
    func note(_ principal: Principal) {
        contents.withLock { contents in
            for index in contents.open.indices where contents.open[index].revocation.covers(principal) {
                contents.open[index].count += 1
            }
        }
    }
}
