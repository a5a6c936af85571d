import GatewayKit
import Logging
import NIOCore
import Synchronization

/// Posts events in the order in which they happened, one batch after another, whatever is reloaded in between.
///
/// One for all generations of the module: the youngest that has started posts. Nothing runs while there is nothing to post.
final class EventOutlet: Sendable {
    private struct State {
        var queue = EventQueue()
        var losses = EventLosses()
        /// Who has started and not stopped; the last one posts.
        var destinations: [EventDestination] = []
        var pump: (destination: EventDestination, task: Task<Void, Never>)?
    }

    /// How long a stop waits for what has happened last.
    private static let patience = Duration.seconds(1)

    private let state = Mutex(State())
    private let clock: GatewayClock
    private let logger: Logger
    /// A back end of several gateways tells their events apart by it, and a new start by a new one.
    private let gateway = ConnectionID.random().description

    init(clock: GatewayClock, logger: Logger) {
        self.clock = clock
        self.logger = logger
    }

    /// Something has happened.
    ///
    /// - Parameters:
    ///   - event: What.
    ///   - limit: How many may wait; over it the oldest is lost.
    func add(_ event: ConnectionEvent, limit: Int) {
        let lost = state.withLock { state in
            let dropped = state.queue.add(event, limit: limit)
            resume(&state)
            return state.losses.note(dropped, clock.now)
        }
        tell(lost, "the back end does not take them fast enough")
    }

    /// A generation has started: it posts from the next batch on.
    func begin(_ destination: EventDestination) {
        state.withLock { state in
            state.destinations.append(destination)
            resume(&state)
        }
    }

    /// A generation stops: what it is posting comes to its end, and where it is the last one, all that waits is posted; for a second at the
    /// most.
    func end(_ destination: EventDestination) async {
        if let pump = state.withLock({ $0.pump?.destination === destination ? $0.pump?.task : nil }) {
            let limit = Task {
                // The deadline itself; it is cancelled where all has been posted before.
                try await Task.sleep(for: Self.patience)
                // What comes back from a post that is cancelled is for the others.
                state.withLock { state in state.destinations.removeAll { $0 === destination } }
                pump.cancel()
            }
            await pump.value
            limit.cancel()
        }
        let lost = state.withLock { state in
            state.destinations.removeAll { $0 === destination }
            resume(&state)
            return state.destinations.isEmpty ? state.queue.removeAll() + state.losses.rest() : 0
        }
        tell(lost, "nobody posts them any more")
    }

    /// Begins to post where there is something to post and nobody does.
    private func resume(_ state: inout State) {
        guard state.pump == nil, !state.queue.isEmpty, let destination = state.destinations.last else { return }
        state.pump = (destination, Task { await pump(to: destination) })
    }

    private func pump(to destination: EventDestination) async {
        while let batch = nextBatch(for: destination) {
            do {
                try await destination.post(batch.body(from: gateway))
            } catch is CancellationError {
                state.withLock { $0.queue.putBack(batch) }
            } catch {
                let lost = state.withLock { $0.losses.note(batch.events.count, clock.now) }
                tell(lost, String(describing: error))
            }
        }
    }

    /// What to post next; nil where there is nothing, or somebody else does it from now on.
    private func nextBatch(for destination: EventDestination) -> EventBatch? {
        state.withLock { state in
            guard !Task.isCancelled, state.destinations.last === destination, !state.queue.isEmpty else {
                state.pump = nil
                resume(&state)
                return nil
            }
            return state.queue.takeBatch()
        }
    }

    private func tell(_ lost: Int, _ why: String) {
        if lost > 0 { logger.warning("connection events lost", metadata: ["count": "\(lost)", "error": "\(why)"]) }
    }
}
