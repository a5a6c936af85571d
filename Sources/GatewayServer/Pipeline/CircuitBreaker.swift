import GatewayKit
import Logging
import NIOCore
import Synchronization

/// Spares everybody the wait for a module whose verdicts fail or come too late, one after another: it is not asked for a while, and its
/// `on_error` holds at once.
///
/// One for each module in each stage, shared by all loops. On the path of a message it costs a relaxed load. Only verdicts that were waited
/// for count: what a module says at once tells nothing of whom it would ask.
final class CircuitBreaker: Sendable {
    /// How many in a row open it.
    private let limit: Int
    /// How long the module is not asked then; the first failure after that opens it again.
    private let pause: TimeAmount
    /// How long one who tries after that may take, before another one does.
    private let trial: TimeAmount
    /// The module's; nil in tests.
    private let logger: Logger?
    private let failures = Atomic<Int>(0)
    private let openUntil = Atomic<UInt64>(0)

    init(_ settings: BreakerSettings, trial: Duration = .seconds(2), _ logger: Logger?) {
        self.trial = trial.timeAmount
        limit = settings.failures == 0 ? .max : settings.failures
        pause = settings.pause.timeAmount
        self.logger = logger
    }

    /// Whether the module is not to be asked now; after the pause one asker finds out whether it answers again, and nobody else waits.
    func spares(_ now: NIODeadline) -> Bool {
        guard failures.load(ordering: .relaxed) >= limit else { return false }
        let until = openUntil.load(ordering: .relaxed)
        if now.uptimeNanoseconds < until { return true }
        return !openUntil.compareExchange(
            expected: until, desired: (now + trial).uptimeNanoseconds, ordering: .relaxed
        ).exchanged
    }

    /// Whether so many verdicts in a row have failed that it is open, or was.
    var hasFailed: Bool { failures.load(ordering: .relaxed) >= limit }

    /// The same without trying, for who only wants to know.
    func isOpen(_ now: NIODeadline) -> Bool {
        failures.load(ordering: .relaxed) >= limit && now.uptimeNanoseconds < openUntil.load(ordering: .relaxed)
    }

    /// A verdict that was waited for came in time.
    func noteVerdict() {
        guard failures.load(ordering: .relaxed) != 0 else { return }
        if failures.exchange(0, ordering: .relaxed) >= limit { logger?.notice("the module answers again") }
    }

    /// A verdict failed or was late.
    func noteFailure(_ now: NIODeadline) {
        let (_, count) = failures.wrappingAdd(1, ordering: .relaxed)
        guard count >= limit else { return }
        openUntil.store((now + pause).uptimeNanoseconds, ordering: .relaxed)
        guard count == limit else { return }
        logger?.warning(
            "the module is not asked for a while: its verdicts failed or came too late, one after another",
            metadata: ["failures": "\(count)", "seconds": "\(Double(pause.nanoseconds) / 1e9)"])
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
