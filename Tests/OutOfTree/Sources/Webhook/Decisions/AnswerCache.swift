import GatewayKit
import NIOCore
import Synchronization

/// Questions that were answered by yes a short while ago.
///
/// Where it is full, a further one is not remembered and will be asked again.
final class AnswerCache: Sendable {
    private let ttl: TimeAmount
    private let maxEntries: Int
    private let ends = Mutex(SweptTable<ByteBuffer, NIODeadline>())

    init(ttl: Duration, maxEntries: Int) {
        self.ttl = ttl.timeAmount
        self.maxEntries = maxEntries
    }

    /// Whether a question has been answered by yes, and that still holds.
    func holds(_ question: ByteBuffer, _ now: NIODeadline) -> Bool {
        ends.withLock { ends in ends[question].map { now < $0 } ?? false }
    }

    /// A question has been answered by yes.
    func add(_ question: ByteBuffer, _ now: NIODeadline) {
        ends.withLock { ends in
            ends.sweep(2) { $0 <= now }
            guard ends.count < maxEntries || ends[question] != nil else { return }
            ends[question] = now + ttl
        }
    }
}
