import GatewayKit
import NIOCore

/// A verdict that is awaited, on one event loop, until a deadline of the gateway's clock.
final class AwaitedVerdict<Value: Sendable>: Timed {
    typealias Receiver = (Result<Value, any Error>) -> Void

    private let deadline: NIODeadline
    private let breaker: CircuitBreaker?
    private var body: Receiver?
    private let late: Receiver?
    private let measurement: StageMeasurement?

    fileprivate init(
        deadline: NIODeadline, breaker: CircuitBreaker?, measurement: StageMeasurement?, late: Receiver?, _ body: @escaping Receiver
    ) {
        self.measurement = measurement
        self.deadline = deadline
        self.breaker = breaker
        self.late = late
        self.body = body
    }

    override func deadlinePassed(_ now: NIODeadline) -> NIODeadline? {
        guard now >= deadline else { return deadline }
        breaker?.noteFailure(now)
        takeBody()?(.failure(LateVerdict()))
        return nil
    }

    fileprivate func came(_ result: Result<Value, any Error>, _ shard: Shard) {
        shard.beginTurn()
        shard.deadlines.cancel(self)
        guard let body = takeBody() else {
            late?(result)
            return
        }
        if case .success = result { breaker?.noteVerdict() } else { breaker?.noteFailure(shard.time.now) }
        body(result)
    }

    private func takeBody() -> Receiver? {
        guard let body else { return nil }
        self.body = nil
        measurement?.end()
        return body
    }
}

extension Shard {
    /// Calls `body` once, on this loop: with what the future brings, or with a ``LateVerdict`` where that has not come in time.
    ///
    /// - Parameters:
    ///   - future: The verdict; a module may make it on any event loop.
    ///   - timeout: How long it may take, to the next tick.
    ///   - breaker: Learns what became of it; nil where nobody counts.
    ///   - measurement: Ends with what comes first; nil where nobody measures.
    ///   - late: Gets what comes too late; nil drops it.
    ///   - body: Gets what comes first.
    func first<Value>(
        of future: EventLoopFuture<Value>, within timeout: Duration, breaker: CircuitBreaker? = nil, measurement: StageMeasurement? = nil,
        late: AwaitedVerdict<Value>.Receiver? = nil, _ body: @escaping AwaitedVerdict<Value>.Receiver
    ) {
        let deadline = time.now + timeout.timeAmount
        let awaited = AwaitedVerdict(deadline: deadline, breaker: breaker, measurement: measurement, late: late, body)
        deadlines.schedule(awaited, at: deadline)
        future.hop(to: eventLoop).assumeIsolated().whenComplete { [self] in awaited.came($0, self) }
    }
}

/// A verdict that did not come within `later_timeout`.
struct LateVerdict: Error {}
