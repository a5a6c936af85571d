import GatewayKit
import NIOCore
import Synchronization

/// How often each session may be refreshed.
///
/// At most `limit` sessions at once; beyond it, another one has to wait until others are idle.
final class RefreshRates: Sendable {
    static let rate = TokenRate(Rate(1, per: .seconds(1)), burst: 10)

    private let table = Mutex(SweptTable<String, TokenBucket>())
    private let limit: Int

    init(limit: Int = 100_000) { self.limit = limit }

    /// Takes one refresh of a session.
    ///
    /// - Throws: ``HTTPRefusal`` with 429 where there were too many, and 503 where the table is full.
    func take(_ session: String, now: NIODeadline) throws(HTTPRefusal) {
        let refusal = table.withLock { table -> HTTPRefusal? in
            table.sweep(8) { $0.isFull(now: now) }
            let known = table[session]
            guard known != nil || table.count < limit else {
                return HTTPRefusal(status: 503, .overloaded, "Too many sessions at once", retryAfter: .seconds(1))
            }
            var bucket = known ?? TokenBucket()
            let wait = bucket.take(1, at: Self.rate, now: now)
            table[session] = bucket
            return wait.map { HTTPRefusal(status: 429, .rateLimited, "Too many refreshes", retryAfter: $0) }
        }
        if let refusal { throw refusal }
    }
}
