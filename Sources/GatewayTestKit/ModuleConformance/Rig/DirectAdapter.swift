import GatewayKit
import NIOCore
import Synchronization

/// Gives every event back at once to the gateway that it came from.
final class DirectAdapter: PubSubAdapter {
    static let name = "direct_adapter"
    static let summary = "Gives every event back at once, for tests."
    private let sink = Mutex<(any EventSink)?>(nil)

    init(settings: NoSettings, context: ModuleContext) {}

    var health: AdapterHealth { sink.withLock { $0 } == nil ? .down("nothing is attached yet") : .up }

    func attach(_ sink: any EventSink) { self.sink.withLock { $0 = sink } }

    func publish(_ event: Event, on eventLoop: any EventLoop) -> Verdict<Rejection> {
        guard let sink = sink.withLock({ $0 }) else { return .refuse(Rejection(.brokerUnavailable, "Messages cannot be delivered yet")) }
        return sink.deliver(event, on: eventLoop)
    }

    func subscribe(_ pattern: TopicPattern, on eventLoop: any EventLoop) -> Verdict<Rejection> { .proceed }
    func unsubscribe(_ pattern: TopicPattern, on eventLoop: any EventLoop) {}
}
