package import GatewayKit

/// How far a date lies from now, for people.
package struct PassedTime: Sendable {
    private let milliseconds: Int64

    /// Measures a distance.
    package init(from now: Timestamp, to date: Timestamp) { milliseconds = now.duration(to: date).milliseconds }

    /// `expires in 14 min`, or `expired 3 min ago`.
    ///
    /// - Parameters:
    ///   - future: The verb for what is to come.
    ///   - past: The verb for what is over.
    /// - Returns: The sentence.
    package func text(_ future: String, _ past: String) -> String {
        milliseconds >= 0 ? "\(future) in \(Self.span(milliseconds.magnitude))" : "\(past) \(Self.span(milliseconds.magnitude)) ago"
    }

    /// The largest unit that the span has two of, or the next smaller one; rounded down.
    private static func span(_ milliseconds: UInt64) -> String {
        let units: [(milliseconds: UInt64, name: String)] = [(86_400_000, "days"), (3_600_000, "h"), (60_000, "min"), (1000, "s")]
        let unit = units.first { milliseconds >= 2 * $0.milliseconds } ?? (1000, "s")
        return "\(milliseconds / unit.milliseconds) \(unit.name)"
    }
}
