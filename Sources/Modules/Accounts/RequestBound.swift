import GatewayKit
import Synchronization

/// How many requests may be under way, in all and of one address; one more is refused with 503.
final class RequestBound: Sendable {
    private let limit: Int
    private let share: Int
    private let counts = Mutex(Counts())

    private struct Counts {
        var total = 0
        /// At most `total` entries.
        var byAddress: [ClientAddress: Int] = [:]
    }

    /// Makes the bound.
    ///
    /// - Parameters:
    ///   - limit: How many in all.
    ///   - share: How many of one IPv4 address or IPv6 /64.
    init(limit: Int, share: Int) {
        self.limit = limit
        self.share = share
    }

    /// Does something if there is room for it.
    ///
    /// - Throws: ``HTTPRefusal`` with status 503 where there is none, and what `body` throws.
    func run<Value>(_ address: ClientAddress, _ body: () async throws -> Value) async throws -> Value {
        guard enter(address.group) else {
            throw HTTPRefusal(status: 503, .overloaded, "Too many requests of this kind are under way", retryAfter: .seconds(1))
        }
        defer { leave(address.group) }
        return try await body()
    }

    private func enter(_ group: ClientAddress) -> Bool {
        counts.withLock { counts in
            guard counts.total < limit, counts.byAddress[group, default: 0] < share else { return false }
            counts.total += 1
            counts.byAddress[group, default: 0] += 1
            return true
        }
    }

    private func leave(_ group: ClientAddress) {
        counts.withLock { counts in
            counts.total -= 1
            let rest = counts.byAddress[group, default: 1] - 1
            counts.byAddress[group] = rest > 0 ? rest : nil
        }
    }
}
