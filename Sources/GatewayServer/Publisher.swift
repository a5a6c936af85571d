import GatewayKit
import NIOCore
import Synchronization

/// What modules publish with: the adapter of the present generation, once there is one.
final class Publisher: EventPublisher {
    let adapter = Mutex<(any PubSubAdapter)?>(nil)
    let core = Mutex<Core?>(nil)
    private let accepted = Atomic<Int>(0)

    /// How many events the adapter has taken from here.
    var published: Int { accepted.load(ordering: .relaxed) }

    func publish(_ event: Event, on eventLoop: any EventLoop) -> Verdict<Rejection> {
        guard let adapter = adapter.withLock({ $0 }) else {
            return .refuse(Rejection(.brokerUnavailable, "The gateway has not started yet"))
        }
        return counted(adapter.publish(event, on: eventLoop))
    }

    private func counted(_ verdict: Verdict<Rejection>) -> Verdict<Rejection> {
        switch verdict {
        case .proceed: accepted.wrappingAdd(1, ordering: .relaxed)
        case .refuse: break
        case .later(let future): return .later(future.map { self.counted($0) })
        }
        return verdict
    }

    /// Publishes an event, and waits for the adapter's answer no longer than `later_timeout`.
    ///
    /// What was not answered in time may be on its way all the same.
    ///
    /// - Parameters:
    ///   - event: The event.
    ///   - connection: Whose, for the log; nil for nobody's.
    ///   - shard: Of the loop that the call is made on.
    ///   - done: Called once, on the loop.
    func publish(_ event: Event, from connection: Connection?, _ shard: Shard, _ done: @escaping (Result<Void, any Error>) -> Void) {
        let (core, instance) = (shard.core, shard.generation.adapterDuty.instance)
        let refuse = { (rejection: Rejection) in
            core.refusals.note(instance, rejection.reason, connection)
            done(.failure(rejection))
        }
        let call = shard.beginCall(shard.generation.adapterDuty.name, isMeasured: shard.stageTimes.measuresPublish())
        let verdict = publish(event, on: shard.eventLoop)
        shard.endCall(call, verdict)
        switch verdict {
        case .proceed: done(.success(()))
        case .refuse(let rejection): refuse(rejection)
        case .later(let future):
            shard.first(of: future, by: shard.generation.adapterDuty, measurement: call.measurement) { result in
                switch result {
                case .success(.proceed): done(.success(()))
                case .success(.refuse(let rejection)): refuse(rejection)
                case .failure(let error) where error is LateVerdict: refuse(.notTakenInTime)
                case .success(.later), .failure: done(.failure(core.refusal(instance, result, connection)))
                }
            }
        }
    }

    func ingest(_ event: Event, by principal: Principal?, from address: ClientAddress) async throws {
        guard let core = core.withLock({ $0 }) else { throw Rejection(.brokerUnavailable, "The gateway has not started yet") }
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            core.onSomeShard { shard in
                shard.beginTurn()
                Ingestion(event, by: principal, from: address, shard, publisher: self) { continuation.resume(with: $0) }.start()
            }
        }
    }
}

extension Rejection {
    /// What is said of a publish that the adapter has not answered in time.
    static let notTakenInTime = Rejection(.brokerUnavailable, "The message was not taken in time")
}
