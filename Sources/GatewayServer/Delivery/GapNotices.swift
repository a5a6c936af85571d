import GatewayKit
import Logging
import NIOCore
import Synchronization

/// Tells subscribers that messages may have been lost on their way to this process: all of them, a slice a turn.
///
/// One gap after another; those that wait while one is told are told as one, since the earliest. Callable on any thread.
final class GapNotices: Sendable {
    private struct State {
        var isTelling = false
        var waiting: Timestamp?

        /// What is to be told next; nil where that is nothing, or will be done by who tells now.
        mutating func next() -> Timestamp? {
            defer { waiting = nil }
            isTelling = waiting != nil
            return waiting
        }
    }

    private let core: Core
    private let state = Mutex(State())

    init(_ core: Core) { self.core = core }

    /// Tells of a gap; what was published before `since` has arrived.
    func tell(since: Timestamp) {
        let next = state.withLock { state in
            state.waiting = min(state.waiting ?? since, since)
            return state.isTelling ? nil : state.next()
        }
        if let next { walk(since: next) }
    }

    private func walk(since: Timestamp) {
        guard let eventLoop = core.eventLoops.first, !core.isStopped else { return }
        let walks = core.eventLoops.indices.map { index in
            let bound = core.shard(index)
            return core.eventLoops[index].flatSubmit { bound.value.tellOfGap(since: since) }
        }
        EventLoopFuture.reduce(0, walks, on: eventLoop, +).whenComplete { [self] told in
            let count = (try? told.get()) ?? 0
            core.logger.info("messages may have been lost", metadata: ["since": "\(since.text)", "connections": "\(count)"])
            if let next = state.withLock({ $0.next() }) { walk(since: next) }
        }
    }
}

extension Shard {
    /// What a slice costs at most, in looks at a session: some milliseconds.
    private static let maxGapCost = 2_500
    /// What a notice costs, in looks: the frame and its write.
    private static let noticeCost = 30

    /// Tells every subscriber of the loop; the future has how many there were.
    fileprivate func tellOfGap(since: Timestamp) -> EventLoopFuture<Int> {
        var count = 0
        let walk = SessionWalk.run(self, maxCost: Self.maxGapCost) { session in
            guard session.tellOfGap(since: since) else { return 1 }
            count += 1
            return Self.noticeCost + session.subscriptions.count
        }
        return walk.assumeIsolated().map { count }.nonisolated()
    }
}

extension Session {
    /// Tells the client that messages may have been lost; whether it is subscribed to anything.
    ///
    /// A subscription that the adapter has not answered about is left out: nobody has been promised its events yet, and who
    /// waits for `subscribed` before it asks for the state of things misses none.
    fileprivate func tellOfGap(since: Timestamp) -> Bool {
        guard case .no = closing else { return false }
        let patterns = subscriptions.keys.filter { shard.interests[$0] == nil }
        guard !patterns.isEmpty else { return false }
        reply(.gap(Gap(patterns, dropped: nil, since: since)))
        return true
    }
}
