import GatewayKit
import GatewayTestKit
import NIOCore
import Synchronization

/// Makes `Presence` without a gateway around it, and keeps what it publishes and logs.
struct PresenceTester {
    let tester = ModuleTester()
    let publisher = RecordingPublisher()
    let log = RecordedLog()
    private let shared = SharedState()

    /// The module; the next one of this tester is what a reload makes.
    func make() -> Presence {
        let context = ModuleContext(
            instance: Presence.name, logger: log.logger(), eventLoopGroup: tester.eventLoop, clock: tester.clock.gatewayClock,
            shared: shared, capabilities: Capabilities(), publisher: publisher)
        return Presence(settings: NoSettings(), context: context)
    }
}

/// Takes what is published, or answers otherwise.
final class RecordingPublisher: EventPublisher {
    private let published = Mutex<[String]>([])
    private let verdict = Mutex(Verdict<Rejection>.proceed)

    /// The events, each as its first topic and its data.
    var events: [String] { published.withLock { $0 } }

    /// What is answered from now on.
    func answer(_ answer: Verdict<Rejection>) { verdict.withLock { $0 = answer } }

    func publish(_ event: Event, on eventLoop: any EventLoop) -> Verdict<Rejection> {
        published.withLock { $0.append("\(event.topic) \(String(buffer: event.message.data))") }
        return verdict.withLock { $0 }
    }

    func ingest(_ event: Event, by principal: Principal?, from address: ClientAddress) async throws {}
}
