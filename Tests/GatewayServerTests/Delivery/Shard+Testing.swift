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

    /// One module in the route stage and an adapter, made as the gateway makes them, with their default settings.
    static func made<Route: RouteStage, Adapter: PubSubAdapter>(of route: Route.Type, _ adapter: Adapter.Type) throws -> Generation {
        func module<M: Module>(_ type: M.Type) -> ConfiguredModule {
            ConfiguredModule(
                instance: type.name, type: type, settings: M.Settings(), common: CommonModuleSettings(),
                place: SourcePlace(.file("gateway.yaml"), line: 1, column: 1), node: nil)
        }
        let workshop = GenerationWorkshop(
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, clock: .system,
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton)
        return try workshop.make(
            CoreSettings(), ConfiguredPipeline(stages: [.route: [module(route)], .pubsub: [module(adapter)]]))
    }
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
