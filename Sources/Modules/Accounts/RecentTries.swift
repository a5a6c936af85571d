import GatewayKit
import NIOCore

/// When the tries of the last minute were: exact where a token bucket lets up to twice its burst through in one.
struct RecentTries: Sendable {
    static let window = TimeAmount.minutes(1)

    private var times: [NIODeadline] = []

    /// How long to wait until one more is allowed; nil where it is now.
    mutating func wait(limit: Int, now: NIODeadline) -> Duration? {
        forget(now)
        guard times.count >= limit, let oldest = times.first else { return nil }
        return .nanoseconds((oldest + Self.window - now).nanoseconds)
    }

    /// Counts one; call ``wait(limit:now:)`` first, which bounds how many there are.
    mutating func add(_ now: NIODeadline) { times.append(now) }

    /// Takes one back.
    mutating func remove(_ time: NIODeadline) {
        if let index = times.lastIndex(of: time) { times.remove(at: index) }
    }

    /// Whether nothing is left to remember.
    mutating func isIdle(_ now: NIODeadline) -> Bool {
        forget(now)
        return times.isEmpty
    }

    private mutating func forget(_ now: NIODeadline) { times.removeAll { now - $0 >= Self.window } }
}
