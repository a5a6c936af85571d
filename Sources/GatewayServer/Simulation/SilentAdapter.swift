import GatewayKit
import NIOCore

/// The adapter of a simulation: takes everything, and carries it nowhere.
struct SilentAdapter: PubSubAdapter {
    static let name = "silent"
    static let summary = "Takes everything, and carries it nowhere."

    init(settings: NoSettings, context: ModuleContext) {}

    var health: AdapterHealth { .up }

    func attach(_ sink: any EventSink) {}
    func publish(_ event: Event, on eventLoop: any EventLoop) -> Verdict<Rejection> { .proceed }
    func subscribe(_ pattern: TopicPattern, on eventLoop: any EventLoop) -> Verdict<Rejection> { .proceed }
    func unsubscribe(_ pattern: TopicPattern, on eventLoop: any EventLoop) {}
}
