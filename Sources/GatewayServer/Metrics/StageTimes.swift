import GatewayKit
import Logging
import NIOCore

/// How long the modules take to decide on one loop, how often they fail to, and which of them hold the loop up.
///
/// Accept, handshake, auth, http and the hooks of connections are measured every time, since they are called seldom: for a connection, a
/// request or a token. Of the commands, the whole messages, the filters, the deliveries, what the adapter is asked and the hooks of
/// subscriptions one in 256 is measured, and the first after each tick, so that a slow module of a quiet gateway is found too.
final class StageTimes {
    struct Key: Hashable, Sendable {
        /// As the metrics name it: a list of the pipeline, or `hooks` for what ``EventHooks`` are told.
        let stage: String
        let instance: String

        init(stage: Stage, instance: String) { (self.stage, self.instance) = (stage.rawValue, instance) }
        init(hooksOf instance: String) { (stage, self.instance) = ("hooks", instance) }
    }

    private(set) var histograms: [Key: DurationHistogram] = [:]
    private(set) var failures: [FailureKey: Int] = [:]
    private var commands = Sampling()
    private var messages = Sampling()
    private var deliveries = Sampling()
    private var filters = Sampling()
    private var adapterCalls = Sampling()
    private var hooks = Sampling()
    private var slow = SlowModules()

    struct FailureKey: Hashable, Sendable {
        let key: Key
        let failure: VerdictFailure
    }

    /// Itself for the command that is to be measured, nil for the others; to be asked once for each, however often its verdict waits.
    func sampledCommand() -> StageTimes? { commands.next() ? self : nil }

    /// The same for a whole message.
    func sampledMessage() -> StageTimes? { messages.next() ? self : nil }

    /// The same for an event that goes to its receivers; the first of them is measured.
    func sampledDelivery() -> StageTimes? { deliveries.next() ? self : nil }

    /// The same for what the adapter is asked.
    func sampledAdapterCall() -> StageTimes? { adapterCalls.next() ? self : nil }

    /// The same for a filter of a subscription.
    func sampledFilter() -> StageTimes? { filters.next() ? self : nil }

    /// The same for a subscription that begins or ends.
    func sampledHook() -> StageTimes? { hooks.next() ? self : nil }

    /// Begins to measure one module.
    func begin(_ duty: Duty) -> StageMeasurement { begin(duty.stage, duty.instance) }

    /// The same by names.
    func begin(_ stage: Stage, _ instance: String) -> StageMeasurement {
        StageMeasurement(times: self, key: Key(stage: stage, instance: instance))
    }

    /// Begins to measure what a module does with what its hooks are told.
    func begin(hooksOf instance: String) -> StageMeasurement { StageMeasurement(times: self, key: Key(hooksOf: instance)) }

    /// A module did not decide.
    func note(_ failure: VerdictFailure, _ duty: Duty) { note(failure, duty.stage, duty.instance) }

    /// The same by names.
    func note(_ failure: VerdictFailure, _ stage: Stage, _ instance: String) {
        failures[FailureKey(key: Key(stage: stage, instance: instance), failure: failure), default: 0] &+= 1
    }

    /// Measures what comes next of each kind, and writes down which modules have held the loop up.
    func tick(_ now: NIODeadline, _ logger: Logger) {
        commands.takeNext()
        messages.takeNext()
        deliveries.takeNext()
        filters.takeNext()
        adapterCalls.takeNext()
        hooks.takeNext()
        slow.flush(now, logger)
    }

    fileprivate func noteHeldUp(_ key: Key, _ duration: TimeAmount) {
        if duration >= SlowModules.threshold { slow.note(key, duration) }
    }

    fileprivate func record(_ key: Key, _ duration: TimeAmount) {
        histograms[key, default: DurationHistogram(bounds: DurationHistogram.fine)].record(duration)
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
    fileprivate let key: StageTimes.Key
    /// By the machine's clock: a test's stands still.
    private let began = NIODeadline.now()

    fileprivate init(times: StageTimes, key: StageTimes.Key) {
        self.times = times
        self.key = key
    }

    /// The module has decided, and nobody else on the loop could do anything meanwhile.
    func end() {
        let duration = NIODeadline.now() - began
        times.record(key, duration)
        times.noteHeldUp(key, duration)
    }

    /// The module has answered: with a verdict, or with the promise of one.
    func answered<Refusal>(_ verdict: Verdict<Refusal>) {
        if case .later = verdict { handedOver() } else { end() }
    }

    /// The module has promised a verdict; up to here nobody else on the loop could do anything.
    func handedOver() { times.noteHeldUp(key, NIODeadline.now() - began) }

    /// The verdict that the module had promised is there.
    func endWaiting() { times.record(key, NIODeadline.now() - began) }
}

@available(*, unavailable)
extension StageMeasurement: Sendable {}
