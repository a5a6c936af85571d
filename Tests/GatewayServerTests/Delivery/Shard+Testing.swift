import GatewayKit
import Logging
import NIOCore
import NIOPosix

@testable import GatewayServer

/// Runs `body` on an event loop with a shard that serves nothing.
func withShard(_ body: @escaping @Sendable (Shard) throws -> Void) async throws {
    let eventLoop = MultiThreadedEventLoopGroup.singleton.next()
    try await eventLoop.submit {
        let core = Core(
            settings: CoreSettings(), clock: .system, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            eventLoops: [eventLoop],
            tls: nil)
        try body(Shard(eventLoop: eventLoop, index: 0, core: core, generation: .empty))
    }.get()
}

extension Generation {
    /// A pipeline without modules, around an adapter that takes nothing.
    static var empty: Generation { Generation(adapter: NoAdapter()) }
}

struct NoAdapter: PubSubAdapter {
    static let name = "none"
    static let summary = "Takes nothing."
    init() {}
    init(settings: NoSettings, context: ModuleContext) {}
    func attach(_ sink: any EventSink) {}
    func publish(_ event: Event, on eventLoop: any EventLoop) -> Verdict<Rejection> { .proceed }
    func subscribe(_ pattern: TopicPattern, on eventLoop: any EventLoop) -> Verdict<Rejection> { .proceed }
    func unsubscribe(_ pattern: TopicPattern, on eventLoop: any EventLoop) {}
    var health: AdapterHealth { .up }
}
