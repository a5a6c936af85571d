import GatewayKit
import NIOCore
import Synchronization

/// A publisher that remembers what it was given, and refuses what a test wants refused.
final class RecordingPublisher: EventPublisher {
    struct Published: Sendable {
        let event: Event
        let principal: Principal?
        let address: ClientAddress

        var topics: [String] { ([event.topic] + event.otherTopics).map(\.description) }
        var data: String { String(buffer: event.message.data) }
        var eventType: String { String(buffer: event.message.eventType) }
        var sender: String { String(buffer: event.sender.members) }
    }

    private struct Contents {
        var published: [Published] = []
        var error: (any Error)?
        var losesAnswers = false
        var gate: (@Sendable () async -> Void)?
    }
    private let contents = Mutex(Contents())

    /// Everything that was let in, in order.
    var published: [Published] { contents.withLock { $0.published } }

    /// Refuses from now on; nil for no more.
    func refuse(_ error: (any Error)?) { contents.withLock { ($0.error, $0.losesAnswers) = (error, false) } }

    /// Lets everything in from now on, and says that it did not.
    func loseAnswers(_ error: any Error) { contents.withLock { ($0.error, $0.losesAnswers) = (error, true) } }

    /// Makes everything wait from now on.
    func wait(_ gate: @escaping @Sendable () async -> Void) { contents.withLock { $0.gate = gate } }

    func publish(_ event: Event, on eventLoop: any EventLoop) -> Verdict<Rejection> { .refuse(Rejection(.internalError, "not asked for")) }

    func ingest(_ event: Event, by principal: Principal?, from address: ClientAddress) async throws {
        let (error, gate) = contents.withLock { ($0.error, $0.gate) }
        await gate?()
        try contents.withLock { contents in
            if error == nil || contents.losesAnswers {
                contents.published.append(Published(event: event, principal: principal, address: address))
            }
            if let error { throw error }
        }
    }
}
