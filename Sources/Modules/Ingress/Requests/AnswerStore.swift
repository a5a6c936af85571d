import GatewayKit
import NIOCore
import Synchronization

/// The answers to requests with an `Idempotency-Key`, kept for 24 hours in this process.
///
/// Bounded in number and bytes, those under way included: when it is full the oldest answer goes. One whose request is still under way
/// never does; where there are only such, a new one is refused.
final class AnswerStore: Sendable {
    typealias Answer = Result<HTTPResponse, HTTPRefusal>

    fileprivate struct Kept {
        let request: Fingerprint
        let answer: Answer
        let expiry: NIODeadline
        let byteCount: Int
    }

    fileprivate struct Contents {
        var pending: [Fingerprint: Fingerprint] = [:]
        var kept: [Fingerprint: Kept] = [:]
        var byteCount = 0
        /// The keys of what is kept, the oldest first, from `head` on.
        var order: [Fingerprint] = []
        var head = 0
    }

    private static let lifetime = TimeAmount.hours(24)
    private let contents = Mutex(Contents())

    /// How many answers are kept, and their size.
    var load: (count: Int, bytes: Int) { contents.withLock { ($0.kept.count, $0.byteCount) } }

    /// Begins a request, unless it was made before.
    ///
    /// - Parameters:
    ///   - key: Whose key on which route.
    ///   - request: What was sent with it.
    ///   - limits: The bounds.
    ///   - now: The time.
    /// - Returns: The answer that was kept; nil for a new request, which ``finish(_:_:_:now:)`` has to end.
    /// - Throws: 409 where the first is under way, or was another request; 503 where there is no room.
    func begin(
        _ key: Fingerprint, _ request: Fingerprint, _ limits: IdempotencySettings, now: NIODeadline
    ) throws(HTTPRefusal) -> Answer? {
        try contents.withLock { contents throws(HTTPRefusal) -> Answer? in
            contents.forgetExpired(now)
            if let kept = contents.kept[key] {
                guard kept.request == request else { throw Self.conflict }
                return kept.answer
            }
            if let first = contents.pending[key] { throw first == request ? Self.pending : Self.conflict }
            while contents.count >= limits.maxAnswers, contents.forgetOldest() {}
            guard contents.count < limits.maxAnswers else {
                throw HTTPRefusal(
                    status: 503, .overloaded, "Too many requests with an Idempotency-Key are under way", retryAfter: .seconds(1))
            }
            contents.pending[key] = request
            return nil
        }
    }

    /// Ends a request that ``begin(_:_:_:now:)`` began.
    ///
    /// - Parameters:
    ///   - key: Whose key on which route.
    ///   - answer: What to answer from now on; nil where the next request is to be a new one.
    ///   - limits: The bounds.
    ///   - now: The time.
    func finish(_ key: Fingerprint, _ answer: Answer?, _ limits: IdempotencySettings, now: NIODeadline) {
        contents.withLock { contents in
            guard let request = contents.pending.removeValue(forKey: key), let answer else { return }
            let byteCount = Self.size(of: answer)
            guard byteCount <= limits.maxBytes.bytes else { return }
            while contents.byteCount > limits.maxBytes.bytes - byteCount || contents.count >= limits.maxAnswers,
                contents.forgetOldest()
            {}
            contents.kept[key] = Kept(request: request, answer: answer, expiry: now + Self.lifetime, byteCount: byteCount)
            contents.byteCount += byteCount
            contents.order.append(key)
        }
    }

    /// What an answer takes, with what surrounds it in the tables.
    private static func size(of answer: Answer) -> Int {
        switch answer {
        case .success(let response): 512 + response.body.storageCapacity
        case .failure(let refusal): 512 + refusal.message.utf8.count
        }
    }

    private static let conflict = HTTPRefusal(
        status: 409, Reason("idempotency_conflict", code: 409), "The Idempotency-Key was used for another request",
        field: IdempotencyKey.header, issue: "was used for another request")
    private static let pending = HTTPRefusal(
        status: 409, Reason("idempotency_pending", code: 409), "The first request with this Idempotency-Key is still under way",
        field: IdempotencyKey.header, issue: "is still under way", retryAfter: .seconds(1))
}

extension AnswerStore.Contents {
    fileprivate var count: Int { pending.count + kept.count }

    /// Forgets what is too old.
    fileprivate mutating func forgetExpired(_ now: NIODeadline) {
        while head < order.count, let oldest = kept[order[head]], oldest.expiry <= now, forgetOldest() {}
    }

    /// Forgets the oldest answer.
    ///
    /// - Returns: False where there is none.
    fileprivate mutating func forgetOldest() -> Bool {
        guard head < order.count else { return false }
        byteCount -= kept.removeValue(forKey: order[head])?.byteCount ?? 0
        head += 1
        if head > 1024, head > order.count / 2 {
            order.removeFirst(head)
            head = 0
        }
        return true
    }
}
