import NIOCore

/// Visits every session that a loop has, a slice a turn, so that no client waits for it.
///
/// On its loop only. Sessions that open meanwhile are not visited, those that close are left out.
final class SessionWalk {
    /// Between slices the loop serves its sockets; with `execute` the rest would run before them.
    private static let pause = TimeAmount.milliseconds(1)

    private let shard: Shard
    private let maxCost: Int
    private let visit: (Session) -> Int
    private let promise: EventLoopPromise<Void>
    private var rest: [Session]

    /// Begins a walk; its first slice is over when this returns.
    ///
    /// - Parameters:
    ///   - shard: Whose sessions.
    ///   - maxCost: What a slice costs at most.
    ///   - visit: Called once for each session; says what that cost.
    /// - Returns: Completes after the last one.
    static func run(_ shard: Shard, maxCost: Int, _ visit: @escaping (Session) -> Int) -> EventLoopFuture<Void> {
        let walk = SessionWalk(shard, maxCost, visit)
        walk.goOn()
        return walk.promise.futureResult
    }

    private init(_ shard: Shard, _ maxCost: Int, _ visit: @escaping (Session) -> Int) {
        self.shard = shard
        self.maxCost = maxCost
        self.visit = visit
        promise = shard.eventLoop.makePromise()
        rest = Array(shard.sessions.values)
    }

    private func goOn() {
        shard.beginTurn()
        var cost = 0
        while cost < maxCost, let session = rest.popLast() {
            guard shard.sessions[ObjectIdentifier(session)] != nil else { continue }
            cost += visit(session)
            shard.flushIfLarge()
        }
        guard rest.isEmpty else {
            let bound = NIOLoopBound(self, eventLoop: shard.eventLoop)
            shard.eventLoop.scheduleTask(in: Self.pause) { bound.value.goOn() }
            return
        }
        promise.succeed()
    }
}

@available(*, unavailable)
extension SessionWalk: Sendable {}
