public import NIOCore

/// The level of a token bucket as one number: the time at which the bucket is full again (GCRA, ITU-T I.371).
///
/// A value of eight bytes without a clock; the rule is given with each call, so a reload changes it under a level that stays. A new
/// bucket is full.
public struct TokenBucket: Hashable, Sendable {
    /// When the bucket is full again, in nanoseconds of ``Connection/now``: what an `Atomic<Int64>` may hold in its place.
    public private(set) var fullAt: Int64

    /// Makes a bucket.
    ///
    /// - Parameter fullAt: When it is full again; 0 for a full one.
    public init(fullAt: Int64 = 0) { self.fullAt = fullAt }

    /// Takes tokens, all or none.
    ///
    /// - Parameters:
    ///   - tokens: How many; more than the burst are charged as a whole bucket.
    ///   - rate: The rule.
    ///   - now: The time. Times that go back a little, as the turns of several loops do, do no harm.
    /// - Returns: Nil where the tokens were taken; else how long to wait for them, and nothing was taken.
    public mutating func take(_ tokens: Int, at rate: TokenRate, now: NIODeadline) -> Duration? {
        let (after, wait) = outcome(tokens, rate, now)
        guard wait <= 0 else { return .nanoseconds(wait) }
        fullAt = after
        return nil
    }

    /// Looks without taking.
    ///
    /// - Parameters:
    ///   - tokens: How many; more than the burst count as a whole bucket.
    ///   - rate: The rule.
    ///   - now: The time.
    /// - Returns: How long to wait until they can be taken; nil where they can be taken now.
    public func wait(for tokens: Int, at rate: TokenRate, now: NIODeadline) -> Duration? {
        let wait = outcome(tokens, rate, now).wait
        return wait > 0 ? .nanoseconds(wait) : nil
    }

    /// How many tokens can be taken now.
    ///
    /// - Parameters:
    ///   - rate: The rule.
    ///   - now: The time.
    /// - Returns: Whole tokens, at most the burst.
    public func tokens(at rate: TokenRate, now: NIODeadline) -> Int {
        let (empty, _) = outcome(0, rate, now)
        return rate.tokens(in: rate.capacity - (empty - min(Int64(clamping: now.uptimeNanoseconds), .max / 4)))
    }

    /// Puts back tokens that were taken under the same rule.
    ///
    /// - Parameters:
    ///   - tokens: How many.
    ///   - rate: The rule.
    public mutating func giveBack(_ tokens: Int, at rate: TokenRate) {
        fullAt = max(0, fullAt) - rate.cost(tokens)
    }

    /// Whether the bucket is full, so that it can be forgotten and made anew.
    public func isFull(now: NIODeadline) -> Bool { fullAt <= Int64(clamping: now.uptimeNanoseconds) }

    private func outcome(_ tokens: Int, _ rate: TokenRate, _ now: NIODeadline) -> (fullAt: Int64, wait: Int64) {
        let now = min(Int64(clamping: now.uptimeNanoseconds), .max / 4)
        // Under a rule that a reload has changed, a bucket can be no emptier than empty: nobody waits by the old rule.
        let before = max(now, min(fullAt, now + rate.capacity))
        let after = before + rate.cost(tokens)
        return (after, after - now - rate.capacity)
    }
}
