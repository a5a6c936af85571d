import GatewayKit
import Logging
import NIOCore

/// How long the modules take to decide on one loop, how often they fail to, and which of them hold the loop up.
///
/// What comes once a connection, a request, a token or a subscription is measured every time. Of the commands, the whole messages, the
/// filters, the deliveries and the publishes one in 256 is measured, and the first of each kind after each tick, so that a slow module of a
/// quiet gateway is found too.
final class StageTimes {
    private(set) var histograms: [DutyName: DurationHistogram] = [:]
    private(set) var failures: [FailureKey: Int] = [:]
    private var commands = Sampling()
    private var messages = Sampling()
    private var deliveries = Sampling()
    private var filters = Sampling()
    private var publishes = Sampling()
    private var slow = SlowModules()

    struct FailureKey: Hashable, Sendable {
        let module: DutyName
        let failure: VerdictFailure
    }

    /// Whether a command is to be measured; to be asked once for each, however often its verdict waits.
    func measuresCommand() -> Bool { commands.next() }

    /// The same for a whole message.
    func measuresMessage() -> Bool { messages.next() }

    /// The same for an event that goes to its receivers; the first of them is measured.
    func measuresDelivery() -> Bool { deliveries.next() }

    /// The same for an event that goes to the adapter.
    func measuresPublish() -> Bool { publishes.next() }

    /// The same for a filter of a subscription.
    func measuresFilter() -> Bool { filters.next() }

    /// A module did not decide.
    func note(_ failure: VerdictFailure, _ module: DutyName) {
        failures[FailureKey(module: module, failure: failure), default: 0] &+= 1
    }

    /// Measures what comes next of each kind, and writes down which modules have held the loop up.
    func tick(_ now: NIODeadline, _ logger: Logger) {
        commands.takeNext()
        messages.takeNext()
        deliveries.takeNext()
        filters.takeNext()
        publishes.takeNext()
        slow.flush(now, logger)
    }

    fileprivate func noteHeldUp(_ module: DutyName, _ duration: TimeAmount) {
        if duration >= SlowModules.threshold { slow.note(module, duration) }
    }

    fileprivate func record(_ module: DutyName, _ duration: TimeAmount) {
        histograms[module, default: DurationHistogram(bounds: DurationHistogram.fine)].record(duration)
    }
}

@available(*, unavailable)
extension StageTimes: Sendable {}

/// One in 256.
private struct Sampling {
    private var count: UInt8 = 0

    mutating func next() -> Bool {
        count &+= 1
        return count == 0
    }

    /// The next one counts.
    mutating func takeNext() { count = .max }
}

/// A decision of a module that is being measured: until it has answered, or until its verdict has come where it waits.
struct StageMeasurement {
    fileprivate let times: StageTimes
    fileprivate let module: DutyName
    /// By the machine's clock: a test's stands still.
    private let began = NIODeadline.now()

    init(times: StageTimes, module: DutyName) {
        self.times = times
        self.module = module
    }

    /// The module has decided, and nobody else on the loop could do anything meanwhile.
    func end() {
        let duration = NIODeadline.now() - began
        times.record(module, duration)
        times.noteHeldUp(module, duration)
    }

    /// The module has promised a verdict; up to here nobody else on the loop could do anything.
    func handedOver() { times.noteHeldUp(module, NIODeadline.now() - began) }

    /// The verdict that the module had promised is there.
    func endWaiting() { times.record(module, NIODeadline.now() - began) }
}

@available(*, unavailable)
extension StageMeasurement: Sendable {}
