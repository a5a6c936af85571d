import GatewayKit
import NIOCore
import Synchronization

/// The answers to requests with an `Idempotency-Key`, kept for 24 hours in this process; and of requests that got none which counts,
/// what they were to publish.
///
/// Bounded in number, those under way included, and in bytes; so is the share of each client. When a client's share is full its oldest
/// answer goes, when all is full the oldest of all. One whose request is still under way never does; where there are only such, a new one
/// is refused.
final class AnswerStore: Sendable {
    typealias Answer = Result<HTTPResponse, HTTPRefusal>

    /// What is kept under a key.
    enum Outcome {
        /// What is answered from now on.
        case answer(Answer)
        /// What was to be published, and may have been: the next try publishes the same.
        case object(CreatedObject)
    }

    /// Where a request stands when it comes.
    enum Beginning {
        /// It was answered before.
        case answered(Answer)
        /// It is a new one, or, with what was made of it then, another try; ``finish(_:_:_:now:)`` has to end it.
        case begun(CreatedObject?)
    }

    private static let lifetime = TimeAmount.hours(24)
    private let contents = Mutex(AnswerTable())

    /// How many answers are kept, and their size.
    var load: (count: Int, bytes: Int) { contents.withLock { ($0.keptCount, $0.byteCount) } }

    /// Begins a request, unless it was made before.
    ///
    /// - Parameters:
    ///   - key: Whose key on which route.
    ///   - client: Whose share it is part of.
    ///   - request: What was sent with it.
    ///   - limits: The bounds.
    ///   - now: The time.
    /// - Returns: The answer that was kept, or what to go on with.
    /// - Throws: 409 where the first is under way, or was another request; 503 where there is no room.
    func begin(
        _ key: Fingerprint, of client: IngressClient, _ request: Fingerprint, _ limits: IdempotencySettings, now: NIODeadline
    ) throws(HTTPRefusal) -> Beginning {
        try contents.withLock { contents throws(HTTPRefusal) -> Beginning in
            contents.forgetExpired(now)
            if let kept = contents[key] {
                guard kept.request == request else { throw Self.conflict }
                switch kept.outcome {
                case .answer(let answer): return .answered(answer)
                case .object(let object):
                    contents.forget(kept)
                    contents.begin(key, request, client)
                    return .begun(object)
                }
            }
            if let first = contents.pending[key] { throw first.request == request ? Self.pending : Self.conflict }
            guard contents.makeRoom(for: 0, of: client, limits) else {
                throw HTTPRefusal(
                    status: 503, .overloaded, "Too many requests with an Idempotency-Key are under way", retryAfter: .seconds(1))
            }
            contents.begin(key, request, client)
            return .begun(nil)
        }
    }

    /// Ends a request that ``begin(_:of:_:_:now:)`` began.
    ///
    /// - Parameters:
    ///   - key: Whose key on which route.
    ///   - outcome: What to keep; nil where the next request is to be a new one.
    ///   - limits: The bounds.
    ///   - now: The time.
    func finish(_ key: Fingerprint, _ outcome: Outcome?, _ limits: IdempotencySettings, now: NIODeadline) {
        contents.withLock { contents in
            guard let pending = contents.end(key), let outcome else { return }
            let byteCount = Self.size(of: outcome)
            guard byteCount <= limits.clientBytes, contents.makeRoom(for: byteCount, of: pending.client, limits) else { return }
            contents.keep(
                AnswerTable.Kept(
                    key: key, client: pending.client, request: pending.request, outcome: outcome, expiry: now + Self.lifetime,
                    byteCount: byteCount))
        }
    }

    /// What is kept takes so much, with what surrounds it in the tables.
    private static func size(of outcome: Outcome) -> Int {
        switch outcome {
        case .answer(.success(let response)): 512 + response.body.storageCapacity
        case .answer(.failure(let refusal)): 512 + refusal.message.utf8.count
        case .object(let object):
            ([object.topic] + object.otherTopics).reduce(512 + object.json.storageCapacity) { $0 + 64 + $1.bytes.storageCapacity }
        }
    }

    private static let conflict = HTTPRefusal(
        status: 409, Reason("idempotency_conflict", code: 409), "The Idempotency-Key was used for another request",
        field: IdempotencyKey.header, issue: "was used for another request")
    private static let pending = HTTPRefusal(
        status: 409, Reason("idempotency_pending", code: 409), "The first request with this Idempotency-Key is still under way",
        field: IdempotencyKey.header, issue: "is still under way", retryAfter: .seconds(1))
}
