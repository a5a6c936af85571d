public import NIOCore

/// The gateway's two clocks: one for durations, one for dates.
///
/// The kit has none of its own; the core, or a test, gives it.
public struct GatewayClock: Sendable {
    private let readMonotonic: @Sendable () -> NIODeadline
    private let readWall: @Sendable () -> Timestamp

    /// Makes a clock of two readings, each callable on any thread.
    public init(monotonic: @escaping @Sendable () -> NIODeadline, wall: @escaping @Sendable () -> Timestamp) {
        readMonotonic = monotonic
        readWall = wall
    }

    /// Now, on the clock that never jumps.
    public var now: NIODeadline { readMonotonic() }
    /// Now, as a date.
    public var timestamp: Timestamp { readWall() }
}

/// A date: milliseconds since 1970-01-01T00:00:00Z.
public struct Timestamp: Hashable, Comparable, Sendable {
    /// The milliseconds.
    public let milliseconds: Int64

    /// Makes a date from milliseconds since 1970.
    public init(milliseconds: Int64) { self.milliseconds = milliseconds }

    /// Makes a date from seconds since 1970, as a token's `exp` has it; nil where it is no number or out of range.
    public init?(seconds: Double) {
        guard seconds.isFinite, abs(seconds) < 9e12 else { return nil }
        milliseconds = Int64((seconds * 1000).rounded())
    }

    /// Orders by time.
    public static func < (left: Self, right: Self) -> Bool { left.milliseconds < right.milliseconds }

    /// The date that lies `duration` later; clamped at the ends of the range.
    public func advanced(by duration: Duration) -> Timestamp {
        let (sum, overflow) = milliseconds.addingReportingOverflow(duration.milliseconds)
        return Timestamp(milliseconds: overflow ? (duration < .zero ? .min : .max) : sum)
    }

    /// How much later `other` is; clamped at the ends of the range.
    public func duration(to other: Timestamp) -> Duration {
        let (difference, overflow) = other.milliseconds.subtractingReportingOverflow(milliseconds)
        return .milliseconds(overflow ? (other < self ? Int64.min : Int64.max) : difference)
    }
}

extension Duration {
    /// Whole milliseconds, rounded toward zero; clamped to the range of Int64.
    public var milliseconds: Int64 {
        let (seconds, attoseconds) = components
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1000)
        let (sum, overflow2) = product.addingReportingOverflow(attoseconds / 1_000_000_000_000_000)
        return overflow || overflow2 ? (seconds < 0 ? .min : .max) : sum
    }

    /// Whole nanoseconds, rounded toward zero; clamped to the range of Int64.
    public var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, overflow2) = product.addingReportingOverflow(attoseconds / 1_000_000_000)
        return overflow || overflow2 ? (seconds < 0 ? .min : .max) : sum
    }

    /// The same span for NIO.
    public var timeAmount: TimeAmount { .nanoseconds(nanoseconds) }
}
