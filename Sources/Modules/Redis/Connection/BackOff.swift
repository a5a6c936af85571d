import NIOCore

/// How long to wait before the next try: 50 ms at first, twice as long each time up to 5 s, and of that a random half less, so that many
/// gateways do not come at once.
struct BackOff {
    private static let first: Int64 = 50
    private static let most: Int64 = 5000
    private var next = first

    /// The time to wait now.
    mutating func take() -> TimeAmount {
        defer { next = min(2 * next, Self.most) }
        return .milliseconds(Int64.random(in: next / 2...next))
    }

    /// The next failure is a first one again.
    mutating func reset() { next = Self.first }
}
