import GatewayKit
import NIOCore

/// A verdict that is awaited, on one event loop, until a deadline of the gateway's clock.
final class AwaitedVerdict<Value: Sendable>: Timed {
    typealias Receiver = (Result<Value, any Error>) -> Void

    private let deadline: NIODeadline
    private let duty: Duty
    private let shard: Shard
    private var body: Receiver?
    private let late: Receiver?
    private let measurement: StageMeasurement?

    fileprivate init(
        _ duty: Duty, _ shard: Shard, deadline: NIODeadline, measurement: StageMeasurement?, late: Receiver?, _ body: @escaping Receiver
    ) {
        self.duty = duty
        self.shard = shard
        self.deadline = deadline
        self.measurement = measurement
        self.late = late
        self.body = body
    }

    override func deadlinePassed(_ now: NIODeadline) -> NIODeadline? {
        guard now >= deadline else { return deadline }
        if let body = takeBody() {
            failed(.late)
            body(.failure(LateVerdict()))
        }
        return nil
    }

    fileprivate func came(_ result: Result<Value, any Error>) {
        shard.beginTurn()
        shard.deadlines.cancel(self)
        guard let body = takeBody() else {
            late?(result)
            return
        }
        if case .success = result { duty.breaker.noteVerdict() } else { failed(.failed) }
        body(result)
    }

    private func failed(_ failure: VerdictFailure) {
        duty.breaker.noteFailure(shard.time.now)
        shard.stageTimes.note(failure, duty.name)
    }

    private func takeBody() -> Receiver? {
        guard let body else { return nil }
        self.body = nil
        measurement?.endWaiting()
        return body
    }
}

extension Shard {
    /// Calls `body` once, on this loop: with what the future brings, or with a ``LateVerdict`` where that has not come within the module's
    /// `later_timeout`, to the next tick.
    ///
    /// - Parameters:
    ///   - future: The verdict; a module may make it on any event loop.
    ///   - duty: Whose verdict it is.
    ///   - measurement: Ends with what comes first; nil where nobody measures.
    ///   - late: Gets what comes too late; nil drops it.
    ///   - body: Gets what comes first.
    func first<Value>(
        of future: EventLoopFuture<Value>, by duty: Duty, measurement: StageMeasurement? = nil,
        late: AwaitedVerdict<Value>.Receiver? = nil, _ body: @escaping AwaitedVerdict<Value>.Receiver
    ) {
        let deadline = time.now + duty.common.laterTimeout.timeAmount
        let awaited = AwaitedVerdict(duty, self, deadline: deadline, measurement: measurement, late: late, body)
        deadlines.schedule(awaited, at: deadline)
        future.hop(to: eventLoop).assumeIsolated().whenComplete { awaited.came($0) }
    }
}

/// A verdict that did not come within `later_timeout`.
struct LateVerdict: Error {}

/// What came in place of a verdict.
enum VerdictFailure: String, Sendable, CaseIterable {
    /// The module's future failed.
    case failed
    /// Nothing within `later_timeout`.
    case late = "timeout"
}
