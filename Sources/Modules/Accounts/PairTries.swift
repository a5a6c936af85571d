import GatewayKit
import NIOCore

/// What one address tried with one e-mail.
struct PairTries: Sendable {
    static let perMinute = 10
    /// What one address may take of what all addresses have together, so that a few of them do not use it up.
    static let share = TokenRate(Rate(10, per: .seconds(3600)), burst: 20)
    /// What an address has left when the others have used up all.
    static let reserve = TokenRate(Rate(3, per: .seconds(3600)), burst: 3)

    private var recent = RecentTries()
    private var shared = TokenBucket()
    private var reserved = TokenBucket()

    /// How a try is paid for.
    enum Payment: Sendable {
        /// Of nothing but the limit by minute: the address is one of the owner's.
        case none
        case share
        case reserve
    }

    /// How long to wait until one more is allowed in this minute; nil where it is now.
    mutating func wait(now: NIODeadline) -> Duration? { recent.wait(limit: Self.perMinute, now: now) }

    /// How long to wait until one more can be paid for; nil where it can be now.
    func wait(for payment: Payment, now: NIODeadline) -> Duration? {
        switch payment {
        case .none: nil
        case .share: shared.wait(for: 1, at: Self.share, now: now)
        case .reserve: reserved.wait(for: 1, at: Self.reserve, now: now)
        }
    }

    /// Counts a try that has not to wait.
    mutating func add(_ payment: Payment, now: NIODeadline) {
        recent.add(now)
        switch payment {
        case .none: break
        case .share: _ = shared.take(1, at: Self.share, now: now)
        case .reserve: _ = reserved.take(1, at: Self.reserve, now: now)
        }
    }

    /// Takes a try back.
    mutating func remove(_ payment: Payment, _ time: NIODeadline) {
        recent.remove(time)
        switch payment {
        case .none: break
        case .share: shared.giveBack(1, at: Self.share)
        case .reserve: reserved.giveBack(1, at: Self.reserve)
        }
    }

    /// Whether nothing is left to remember.
    mutating func isIdle(_ now: NIODeadline) -> Bool { recent.isIdle(now) && shared.isFull(now: now) && reserved.isFull(now: now) }
}
