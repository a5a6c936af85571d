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
