import NIOCore

/// Looks at all connections of one loop for an administrator.
struct SessionScan<Answer: Sendable> {
    /// Connections and subscriptions of one slice: some hundred microseconds.
    private static var slice: Int { 2048 }

    private let shard: Shard
    private let initial: Answer
    private let cost: Int
    private let visit: (Session, inout Answer) -> Void

    init(_ shard: Shard, _ initial: Answer, cost: Int = 1, _ visit: @escaping (Session, inout Answer) -> Void) {
        self.shard = shard
        self.initial = initial
        self.cost = cost
        self.visit = visit
    }

    /// Begins; on the loop.
    func run() -> EventLoopFuture<Answer> {
        var answer = initial
        let walk = SessionWalk.run(shard, maxCost: Self.slice) { session in
            visit(session, &answer)
            return 1 + cost * session.subscriptions.count
        }
        return walk.assumeIsolated().map { answer }.nonisolated()
    }
}

@available(*, unavailable)
extension SessionScan: Sendable {}
