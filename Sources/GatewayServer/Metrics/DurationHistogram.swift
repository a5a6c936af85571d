package import NIOCore

/// How often something took how long: counts in fixed buckets, which add up over loops and over time.
package struct DurationHistogram: Sendable {
    /// The upper ends of the buckets, in ascending order; what is longer counts in one more.
    package let bounds: [TimeAmount]
    /// How many fell into each bucket.
    package private(set) var counts: [Int]
    /// All durations together.
    package private(set) var sum = TimeAmount.zero

    package init(bounds: [TimeAmount]) {
        self.bounds = bounds
        counts = Array(repeating: 0, count: bounds.count + 1)
    }

    package mutating func record(_ duration: TimeAmount) {
        let bucket = bounds.firstIndex { duration <= $0 } ?? bounds.count
        counts[bucket] &+= 1
        sum = .nanoseconds(sum.nanoseconds &+ duration.nanoseconds)
    }

    /// Adds what another one with the same bounds has counted.
    package mutating func add(_ other: DurationHistogram) {
        guard bounds == other.bounds else { return }
        for (bucket, count) in other.counts.enumerated() { counts[bucket] &+= count }
        sum = .nanoseconds(sum.nanoseconds &+ other.sum.nanoseconds)
    }

    /// From a millisecond to ten seconds, for what people wait for.
    package static let coarse: [TimeAmount] = [1, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 10_000].map { .milliseconds($0) }
    /// From a microsecond to a hundred milliseconds, for what an event loop waits for, and on to ten seconds, for modules that wait.
    package static let fine: [TimeAmount] = [1, 2, 5, 10, 25, 50, 100, 250, 1000, 10_000, 100_000, 1_000_000, 10_000_000].map {
        .microseconds($0)
    }
}
