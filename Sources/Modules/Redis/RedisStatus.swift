import GatewayKit
import Logging
import NIOCore
import Synchronization

/// Whether events flow through Redis, and what is told of that: to readiness, to the log, to subscribers.
///
/// Sendable; every method may be called on any thread. No message takes its lock.
final class RedisStatus: Sendable {
    /// What has to work.
    enum Part: Hashable {
        /// The connection that brings events.
        case subscriptions
        /// What an event loop publishes comes back.
        case publishing(Int)
    }

    private struct State {
        var faults: [Part: String]
        /// When the fault began that goes on; nil while all works, and before all has worked for the first time.
        var downSince: NIODeadline?
        /// What was published before has arrived: when the last probe was sent that came back, or, before the first one, when the
        /// subscriptions began to work.
        var provenUntil: Timestamp?
        /// Set where events may have been lost, until the subscribers are told.
        var gapSince: Timestamp?
        /// What the log has said of this outage, and when it said so last.
        var told: Set<String> = []
        var toldAt = NIODeadline.uptimeNanoseconds(0)
    }

    /// Of an outage, further reasons are told after that time: what breaks together has several.
    private static let interval = TimeAmount.seconds(1)
    /// How many are told.
    private static let maxTold = 20

    private let state: Mutex<State>
    private let logger: Logger
    private let clock: GatewayClock
    private let place: String

    init(_ parts: [Part], _ settings: RedisSettings, clock: GatewayClock, logger: Logger) {
        place = settings.url.settingText
        let waiting = "connecting to \(place)"
        state = Mutex(State(faults: Dictionary(parts.map { ($0, waiting) }) { first, _ in first }))
        self.clock = clock
        self.logger = logger
    }

    /// What keeps messages from flowing; nil where they flow.
    var fault: String? { state.withLock { Self.text($0.faults) } }

    /// A part does not work.
    func failed(_ part: Part, _ reason: String) {
        let (text, wasUp) = state.withLock { state -> (String?, Bool) in
            let wasUp = state.faults.isEmpty
            state.faults[part] = reason
            if wasUp { state.downSince = clock.now }
            if part == .subscriptions, state.gapSince == nil { state.gapSince = state.provenUntil }
            // The same again, try after try, is told once.
            let isLate = state.told.isEmpty || clock.now - state.toldAt >= Self.interval
            guard isLate, state.told.count < Self.maxTold, state.told.insert(reason).inserted else { return (nil, wasUp) }
            state.toldAt = clock.now
            return (reason, wasUp)
        }
        guard let text else { return }
        let consequence = wasUp ? "; what is published may be refused until it works again" : ""
        logger.warning("messages do not flow: \(text)\(consequence); trying again")
    }

    /// A part works.
    ///
    /// - Returns: Since when events may have been lost, where all works again and the subscribers have to be told of that.
    func works(_ part: Part) -> Timestamp? {
        let (isNews, outage, gap) = state.withLock { state -> (Bool, Duration?, Timestamp?) in
            if part == .subscriptions, state.provenUntil == nil { state.provenUntil = clock.timestamp }
            guard state.faults.removeValue(forKey: part) != nil, state.faults.isEmpty else { return (false, nil, nil) }
            let gap = state.gapSince
            // Of what may have been missed, where that is more: Redis can have been away for longer than it took to find out.
            let found = state.downSince.map { Duration.nanoseconds((clock.now - $0).nanoseconds) }
            let outage = found.map { found in gap.map { max(found, $0.duration(to: clock.timestamp)) } ?? found }
            (state.downSince, state.gapSince, state.told) = (nil, nil, [])
            return (true, outage, gap)
        }
        guard isNews else { return nil }
        logger.info("messages flow through \(place)\(outage.map { " again, after \($0.settingText)" } ?? "")")
        return gap
    }

    /// A probe that was sent then came back.
    func proven(_ time: Timestamp) { state.withLock { $0.provenUntil = time } }

    /// The reason that explains most: without the connection nothing else works.
    private static func text(_ faults: [Part: String]) -> String? {
        faults[.subscriptions] ?? faults.values.min()
    }
}
