/// How many tokens a bucket holds and how fast they come back: the rule of a ``TokenBucket``, without its level.
public struct TokenRate: Hashable, Sendable {
    /// How long an empty bucket takes to fill, in nanoseconds; at most a quarter of Int64's range, so that sums with times do not overflow.
    let capacity: Int64
    private let count: Int64
    private let period: Int64

    /// Makes a rule.
    ///
    /// - Parameters:
    ///   - rate: How fast tokens come back; a count of 0 counts as 1.
    ///   - burst: How many tokens a full bucket holds; at least 1.
    public init(_ rate: Rate, burst: Int) {
        count = Int64(max(1, rate.count))
        period = max(1, rate.period.nanoseconds)
        capacity = min(.max / 4, Int64(clamping: Int128(max(1, burst)) * Int128(period) / Int128(count)))
    }

    /// How many tokens come back in so many nanoseconds.
    func tokens(in nanoseconds: Int64) -> Int { Int(clamping: Int128(max(0, nanoseconds)) * Int128(count) / Int128(period)) }

    /// How long `tokens` take to come back, in nanoseconds; never longer than for a whole bucket, so that a full bucket grants anything.
    func cost(_ tokens: Int) -> Int64 {
        let (product, overflow) = Int64(max(0, tokens)).multipliedReportingOverflow(by: period)
        let cost = overflow ? Int64(clamping: Int128(tokens) * Int128(period) / Int128(count)) : product / count
        return min(cost, capacity)
    }
}
