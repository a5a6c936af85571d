import GatewayKit
import NIOCore
import Synchronization

/// Takes what modules publish, or refuses it; keeps nothing.
final class TestPublisher: EventPublisher {
    private let refusal = Mutex<Rejection?>(nil)
    private let asked = Atomic(false)

    /// Whether a module has published anything.
    var isAsked: Bool { asked.load(ordering: .relaxed) }

    /// Refuses from now on; nil for no more.
    func refuse(_ rejection: Rejection?) { refusal.withLock { $0 = rejection } }

    func publish(_ event: Event, on eventLoop: any EventLoop) -> Verdict<Rejection> {
        asked.store(true, ordering: .relaxed)
        return refusal.withLock { $0 }.map { .refuse($0) } ?? .proceed
    }

    func ingest(_ event: Event, by principal: Principal?, from address: ClientAddress) async throws {
        asked.store(true, ordering: .relaxed)
        if let rejection = refusal.withLock({ $0 }) { throw rejection }
    }
}
