import GatewayKit
import NIOCore
import Synchronization

/// What modules publish with: the adapter of the present generation, once there is one.
final class Publisher: EventPublisher {
    let adapter = Mutex<(any PubSubAdapter)?>(nil)
    let core = Mutex<Core?>(nil)

    func publish(_ event: Event, on eventLoop: any EventLoop) -> Verdict<Rejection> {
        guard let adapter = adapter.withLock({ $0 }) else {
            return .refuse(Rejection(.brokerUnavailable, "The gateway has not started yet"))
        }
        return adapter.publish(event, on: eventLoop)
    }

    func ingest(_ event: Event, by principal: Principal?, from address: ClientAddress) async throws {
        guard let core = core.withLock({ $0 }) else { throw Rejection(.brokerUnavailable, "The gateway has not started yet") }
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            core.onSomeShard { shard in
                shard.beginTurn()
                Ingestion(event, by: principal, from: address, shard) { continuation.resume(with: $0) }.start()
            }
        }
    }
}
