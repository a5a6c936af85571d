import GatewayKit
import NIOCore
import Synchronization

/// A token bucket that several loops take from.
struct AtomicTokenBucket: ~Copyable, Sendable {
    private let fullAt = Atomic<Int64>(TokenBucket().fullAt)

    /// Takes tokens, all or none; see ``TokenBucket/take(_:at:now:)``.
    func take(_ tokens: Int, at rate: TokenRate, now: NIODeadline) -> Duration? {
        var seen = fullAt.load(ordering: .relaxed)
        while true {
            var bucket = TokenBucket(fullAt: seen)
            if let wait = bucket.take(tokens, at: rate, now: now) { return wait }
            let (exchanged, original) = fullAt.weakCompareExchange(expected: seen, desired: bucket.fullAt, ordering: .relaxed)
            if exchanged { return nil }
            seen = original
        }
    }

    /// Puts back tokens that were taken under the same rule.
    func giveBack(_ tokens: Int, at rate: TokenRate) {
        var seen = fullAt.load(ordering: .relaxed)
        while true {
            var bucket = TokenBucket(fullAt: seen)
            bucket.giveBack(tokens, at: rate)
            let (exchanged, original) = fullAt.weakCompareExchange(expected: seen, desired: bucket.fullAt, ordering: .relaxed)
            if exchanged { return }
            seen = original
        }
    }

    /// How long to wait until that many tokens can be taken; nil where they can be taken now.
    func wait(for tokens: Int, at rate: TokenRate, now: NIODeadline) -> Duration? { bucket.wait(for: tokens, at: rate, now: now) }

    /// How many tokens can be taken now.
    func tokens(at rate: TokenRate, now: NIODeadline) -> Int { bucket.tokens(at: rate, now: now) }

    /// Whether the bucket is full.
    func isFull(now: NIODeadline) -> Bool { bucket.isFull(now: now) }

    private var bucket: TokenBucket { TokenBucket(fullAt: fullAt.load(ordering: .relaxed)) }
}
