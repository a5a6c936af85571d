import GatewayKit
import NIOCore
import Synchronization

@testable import GatewayServer

/// An adapter that gives every event straight back to the shard of the loop.
final class Loopback: PubSubAdapter {
    static let name = "loopback"
    static let summary = "Gives events straight back."
    private let sink = Mutex<(any EventSink)?>(nil)

    init() {}
    init(settings: NoSettings, context: ModuleContext) {}
    func attach(_ sink: any EventSink) { self.sink.withLock { $0 = sink } }
    func publish(_ event: Event, on eventLoop: any EventLoop) -> Verdict<Rejection> {
        sink.withLock { $0 }?.deliver(event, on: eventLoop) ?? .proceed
    }
    func subscribe(_ pattern: TopicPattern, on eventLoop: any EventLoop) -> Verdict<Rejection> { .proceed }
    func unsubscribe(_ pattern: TopicPattern, on eventLoop: any EventLoop) {}
    var health: AdapterHealth { .up }
}
