import GatewayKit
import NIOCore
import Synchronization

/// Keeps what an adapter delivers.
final class RecordingSink: EventSink {
    private struct State {
        var delivered: [String] = []
        var revoked: [Revocation] = []
    }

    private let state = Mutex(State())
    /// What this process has revoked.
    private let kept: [Revocation]

    init(kept: [Revocation] = []) { self.kept = kept }

    /// For each event its topics, joined by `+`, and its data: `a+b: 1`.
    var delivered: [String] { state.withLock { $0.delivered } }
    /// What other gateways have revoked.
    var revoked: [Revocation] { state.withLock { $0.revoked } }

    func deliver(_ event: Event, on eventLoop: any EventLoop) -> Verdict<Rejection> {
        let topics = ([event.topic] + event.otherTopics).map(\.description).joined(separator: "+")
        let text = "\(topics): \(String(buffer: event.message.data))"
        state.withLock { $0.delivered.append(text) }
        return .proceed
    }

    func lostEvents(since: Timestamp) {}

    func revoke(_ revocations: [Revocation]) async { state.withLock { $0.revoked += revocations } }

    func revocations() async -> [Revocation] { kept }
}
