import GatewayKit
import NIOCore
import Synchronization

/// The token buckets of all who made requests a moment ago.
///
/// At most `limit`; beyond it, somebody new has to wait until others are idle.
final class RequestRates: Sendable {
    private let table = Mutex(SweptTable<IngressClient, TokenBucket>())
    private let limit: Int

    init(limit: Int = 100_000) { self.limit = limit }

    /// How many clients are known.
    var count: Int { table.withLock { $0.count } }

    /// Takes one request of a client.
    func take(_ client: IngressClient, at rate: TokenRate, now: NIODeadline) throws(HTTPRefusal) {
        let refusal = table.withLock { table -> HTTPRefusal? in
            let known = table[client]
            if known == nil {
                table.sweep(8) { $0.isFull(now: now) }
                guard table.count < limit else {
                    return HTTPRefusal(status: 503, .overloaded, "Too many clients at once", retryAfter: .seconds(1))
                }
            }
            var bucket = known ?? TokenBucket()
            let wait = bucket.take(1, at: rate, now: now)
            table[client] = bucket
            return wait.map { HTTPRefusal(status: 429, .rateLimited, "Too many requests", retryAfter: $0) }
        }
        if let refusal { throw refusal }
    }
}
