import NIOCore

/// Looks at all connections of one loop, a slice at a time, so that no client waits for an administrator.
///
/// Connections that open meanwhile are not seen, those that close are left out.
final class SessionScan<Answer: Sendable> {
    /// Connections and subscriptions of one slice: some hundred microseconds.
    private static var slice: Int { 2048 }
    /// Between slices the loop serves its sockets; a task without delay would run before them.
    private static var pause: TimeAmount { .milliseconds(1) }

    private let shard: Shard
    private let sessions: [Session]
    private let visit: (Session, inout Answer) -> Void
    private let promise: EventLoopPromise<Answer>
    private var answer: Answer
    private var position = 0

    init(_ shard: Shard, _ initial: Answer, _ visit: @escaping (Session, inout Answer) -> Void) {
        self.shard = shard
        self.visit = visit
        answer = initial
        sessions = Array(shard.sessions.values)
        promise = shard.eventLoop.makePromise()
    }

    /// Begins; on the loop.
    func run() -> EventLoopFuture<Answer> {
        next()
        return promise.futureResult
    }

    private func next() {
        shard.beginTurn()
        var room = Self.slice
        while position < sessions.count, room > 0 {
            let session = sessions[position]
            position += 1
            room -= 1 + session.subscriptions.count
            if shard.sessions[ObjectIdentifier(session)] != nil { visit(session, &answer) }
        }
        guard position < sessions.count else {
            promise.succeed(answer)
            return
        }
        let bound = NIOLoopBound(self, eventLoop: shard.eventLoop)
        shard.eventLoop.scheduleTask(in: Self.pause) { bound.value.next() }
    }
}

@available(*, unavailable)
extension SessionScan: Sendable {}
