import GatewayKit
import NIOCore
import Synchronization

/// Takes what modules publish, or refuses it; keeps nothing but what is wrong with it.
final class TestPublisher: EventPublisher {
    private struct State {
        var refusal: Rejection?
        var isAsked = false
        /// Of many of a kind the first hundred are enough.
        var defects: [String] = []
    }
    private static let maxDefects = 100
    private let state = Mutex(State())

    /// Whether a module has published anything.
    var isAsked: Bool { state.withLock { $0.isAsked } }
    /// What was wrong with what was published.
    var defects: [String] { state.withLock { $0.defects } }

    /// Refuses from now on; nil for no more.
    func refuse(_ rejection: Rejection?) { state.withLock { $0.refusal = rejection } }

    func publish(_ event: Event, on eventLoop: any EventLoop) -> Verdict<Rejection> {
        let thread = eventLoop.inEventLoop ? [] : ["a publish on the event loop that it names; got one on another thread"]
        return refusal(of: event, thread).map { .refuse($0) } ?? .proceed
    }

    func ingest(_ event: Event, by principal: Principal?, from address: ClientAddress) async throws {
        if let rejection = refusal(of: event) { throw rejection }
    }

    private func refusal(of event: Event, _ defects: [String] = []) -> Rejection? {
        let found = (defects + MessageForm.defects(event)).map { "in what is published, \($0)" }
        return state.withLock { state in
            state.isAsked = true
            state.defects += found.prefix(max(0, Self.maxDefects - state.defects.count))
            return state.refusal
        }
    }
}
