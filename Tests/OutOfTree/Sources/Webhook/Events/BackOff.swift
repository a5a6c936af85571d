/// How long to wait before the next try: 100 ms at first, twice as long each time up to 5 s, and of that a random half less, so that many
/// gateways do not come at once.
struct BackOff {
    private var next = 100

    /// The time to wait now.
    mutating func take() -> Duration {
        defer { next = min(2 * next, 5000) }
        return .milliseconds(Int.random(in: next / 2...next))
    }
}
