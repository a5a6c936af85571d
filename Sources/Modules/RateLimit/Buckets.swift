import GatewayKit
import NIOCore
import Synchronization

/// The two buckets of a connection, a user or an address: taken from on every loop, without a lock.
final class Buckets: Sendable {
    private let messages = AtomicTokenBucket()
    private let bytes = AtomicTokenBucket()

    /// Takes one message of a size from both buckets, or from none.
    ///
    /// - Returns: Nil where it was taken; else how long to wait.
    func take(_ byteCount: Int, _ limits: RateLimits, now: NIODeadline) -> Duration? {
        guard let byteRate = limits.bytes else { return messages.take(1, at: limits.messages, now: now) }
        if let wait = messages.take(1, at: limits.messages, now: now) {
            return max(wait, bytes.wait(for: byteCount, at: byteRate, now: now) ?? .zero)
        }
        guard let wait = bytes.take(byteCount, at: byteRate, now: now) else { return nil }
        messages.giveBack(1, at: limits.messages)
        return wait
    }

    /// How many messages and bytes can be taken now; nil where bytes do not count.
    func left(_ limits: RateLimits, now: NIODeadline) -> (messages: Int, bytes: Int?) {
        (messages.tokens(at: limits.messages, now: now), limits.bytes.map { bytes.tokens(at: $0, now: now) })
    }

    /// Whether both are full, so that new ones would be the same.
    func isFull(now: NIODeadline) -> Bool { messages.isFull(now: now) && bytes.isFull(now: now) }
}
