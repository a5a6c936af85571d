import GatewayKit
import NIOCore
import NIOPosix

extension Core {
    /// How long the loops have to answer an administrator.
    private static let patience = TimeAmount.seconds(10)

    /// Asks every loop at once.
    ///
    /// - Parameter question: Called on each loop with its shard.
    /// - Returns: The answers in the order of the loops.
    /// - Throws: ``Rejection`` where one does not answer in time, or the gateway has stopped.
    func ask<Answer: Sendable>(_ question: @escaping @Sendable (Shard) -> EventLoopFuture<Answer>) async throws -> [Answer] {
        guard !isStopped else { throw Rejection(.draining, "The gateway has stopped") }
        let timers = MultiThreadedEventLoopGroup.singleton.next()
        let answers = eventLoops.enumerated().map { index, eventLoop in
            let bound = shard(index)
            return eventLoop.flatSubmit { question(bound.value) }
        }
        let promise = timers.makePromise(of: [Answer].self)
        let timer = timers.scheduleTask(in: Self.patience) {
            promise.fail(Rejection(.timeout, "An event loop did not answer in time", retryAfter: .seconds(1)))
        }
        EventLoopFuture.whenAllSucceed(answers, on: timers).whenComplete { result in
            timer.cancel()
            promise.completeWith(result)
        }
        return try await promise.futureResult.get()
    }

    /// Looks at every connection of every loop, a few at a time.
    ///
    /// - Parameters:
    ///   - initial: What each loop begins with.
    ///   - cost: How many times as much as a count the visit of a subscription costs.
    ///   - visit: Called for each connection on its loop; adds to what the loop has.
    /// - Returns: What each loop has in the end.
    /// - Throws: As ``ask(_:)``.
    func scan<Answer: Sendable>(
        _ initial: Answer, cost: Int = 1, _ visit: @escaping @Sendable (Session, inout Answer) -> Void
    ) async throws -> [Answer] {
        try await ask { shard in SessionScan(shard, initial, cost: cost, visit).run() }
    }
}
