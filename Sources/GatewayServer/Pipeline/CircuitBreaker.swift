import GatewayKit
import NIOCore
import Synchronization

/// Spares everybody the wait for a module whose verdicts fail or come too late, one after another: it is not asked for a while, and its
/// `on_error` holds at once.
///
/// One for each module in each stage, shared by all loops. On the path of a message it costs a relaxed load. Only verdicts that were waited
/// for count: what a module says at once tells nothing of whom it would ask. The auth stage has none: what somebody sends who is nobody yet
/// must not decide whether others get in.
final class CircuitBreaker: Sendable {
    /// How many in a row open it.
    static let limit = 10
    /// How long the module is not asked then; the first failure after that opens it again.
    static let coolDown = TimeAmount.seconds(5)

    private let failures = Atomic<Int>(0)
    private let openUntil = Atomic<UInt64>(0)

    /// Whether the module is not to be asked now.
    func isOpen(_ now: NIODeadline) -> Bool {
        failures.load(ordering: .relaxed) >= Self.limit && now.uptimeNanoseconds < openUntil.load(ordering: .relaxed)
    }

    /// A verdict that was waited for came in time.
    func noteVerdict() {
        if failures.load(ordering: .relaxed) != 0 { failures.store(0, ordering: .relaxed) }
    }

    /// A verdict failed or was late.
    func noteFailure(_ now: NIODeadline) {
        let (_, count) = failures.wrappingAdd(1, ordering: .relaxed)
        if count >= Self.limit { openUntil.store((now + Self.coolDown).uptimeNanoseconds, ordering: .relaxed) }
    }
}

extension Rejection {
    /// What a module refuses with that is not asked, or did not answer.
    static let undecided = Rejection(.timeout, "The decision did not come in time")
}

extension HTTPRefusal {
    /// The same before the 101.
    static let undecided = HTTPRefusal(status: 503, .timeout, "The decision did not come in time")
}
