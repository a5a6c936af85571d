public import GatewayKit
import Logging
import NIOCore

/// The modules of one configuration, in running order.
///
/// A reload makes a new one and swaps a reference on each loop.
final class Generation: Sendable {
    /// A module in a stage, with what the core has to know of it.
    struct Slot<Stage: Sendable>: Sendable {
        let module: Stage
        let instance: String
        let common: CommonModuleSettings
        let breaker = CircuitBreaker()
        var isObserved: Bool { common.mode == .observe }
    }

    /// A module of the route list: it looks at whole messages, at commands, or at both.
    struct RouteSlot: Sendable {
        let route: (any RouteStage)?
        let frame: (any FrameStage)?
        let instance: String
        let common: CommonModuleSettings
        let breaker = CircuitBreaker()
        var isObserved: Bool { common.mode == .observe }
    }

    let accept: [Slot<any AcceptStage>]
    let handshake: [Slot<any HandshakeStage>]
    let auth: [Slot<any AuthStage>]
    let route: [RouteSlot]
    /// The deliver stage, without what only the other stages need: it is asked once a receiver.
    let deliverModules: ContiguousArray<any DeliverStage>
    let adapter: any PubSubAdapter
    /// The adapter's name in gateway.yaml.
    let adapterInstance: String
    /// How long it may take to answer.
    let adapterTimeout: Duration
    /// Whether any module looks at whole messages.
    let hasFrameStages: Bool
    private let modules: [any Module]

    private init(_ pipeline: ConfiguredPipeline, _ made: [String: any Module]) throws {
        func slots<Stage>(_ stage: GatewayKit.Stage, as type: Stage.Type = Stage.self) -> [Slot<Stage>] {
            pipeline.stages[stage, default: []].compactMap { configured in
                (made[configured.instance] as? Stage).map { Slot(module: $0, instance: configured.instance, common: configured.common) }
            }
        }
        accept = slots(.accept)
        handshake = slots(.handshake)
        auth = slots(.auth)
        let deliver: [Slot<any DeliverStage>] = slots(.deliver)
        deliverModules = ContiguousArray(deliver.map(\.module))
        route = pipeline.stages[.route, default: []].compactMap { configured in
            guard let module = made[configured.instance] else { return nil }
            return RouteSlot(
                route: module as? any RouteStage, frame: module as? any FrameStage, instance: configured.instance, common: configured.common
            )
        }
        hasFrameStages = route.contains { $0.frame != nil }
        let adapters: [Slot<any PubSubAdapter>] = slots(.pubsub)
        guard let adapter = adapters.first else {
            throw ModuleError("pipeline.pubsub names no adapter", help: "write pubsub: memory", code: .missingKey)
        }
        (self.adapter, adapterInstance, adapterTimeout) = (adapter.module, adapter.instance, adapter.common.laterTimeout)
        modules = Array(made.values)
    }

    /// A pipeline of nothing but an adapter, which is what is tested without modules.
    init(adapter: any PubSubAdapter) {
        (accept, handshake, auth, route, deliverModules, modules) = ([], [], [], [], [], [adapter])
        hasFrameStages = false
        (self.adapter, adapterInstance, adapterTimeout) = (adapter, "adapter", CommonModuleSettings().laterTimeout)
    }

    /// Makes and starts every module; stops those that have been started where one fails.
    ///
    /// - Throws: ``ConfigurationFailure`` that names the module and its place.
    static func make(
        _ pipeline: ConfiguredPipeline, logger: Logger, clock: GatewayClock, eventLoopGroup: any EventLoopGroup, shared: SharedState,
        publisher: any EventPublisher
    ) throws(ConfigurationFailure) -> Generation {
        let capabilities = Capabilities()
        var made: [String: any Module] = [:]
        for configured in inOrderOfNeed(pipeline) where made[configured.instance] == nil {
            var logger = logger
            logger[metadataKey: "module"] = "\(configured.instance)"
            let context = ModuleContext(
                instance: configured.instance, logger: logger, eventLoopGroup: eventLoopGroup, clock: clock, shared: shared,
                capabilities: capabilities, publisher: publisher)
            do {
                made[configured.instance] = try makeModule(configured.type, configured.settings, context)
            } catch {
                throw ConfigurationFailure(configured, error)
            }
        }
        do {
            return try Generation(pipeline, made)
        } catch {
            throw ConfigurationFailure(nil, error)
        }
    }

    func start() async throws {
        var started: [any Module] = []
        do {
            for module in modules {
                try await module.start()
                started.append(module)
            }
        } catch {
            for module in started.reversed() { await module.stop() }
            throw error
        }
    }

    func stop() async {
        for module in modules { await module.stop() }
    }

    private static func makeModule<M: Module>(_ type: M.Type, _ settings: any Settings, _ context: ModuleContext) throws -> any Module {
        guard let settings = settings as? M.Settings else { throw ModuleError("the settings are of another type") }
        return try type.init(settings: settings, context: context)
    }

    /// Providers before those who need them; the configuration has been checked for providers that are missing.
    private static func inOrderOfNeed(_ pipeline: ConfiguredPipeline) -> [ConfiguredModule] {
        var waiting = Stage.allCases.flatMap { pipeline.stages[$0, default: []] }
        var ordered: [ConfiguredModule] = []
        var provided: Set<CapabilityName> = []
        while let next = waiting.firstIndex(where: { provided.isSuperset(of: $0.type.requires) }) ?? waiting.indices.first {
            let module = waiting.remove(at: next)
            provided.formUnion(module.type.provides)
            ordered.append(module)
        }
        return ordered
    }
}

/// A configuration that only showed to be wrong when its modules were made.
public struct ConfigurationFailure: Error, Sendable, CustomStringConvertible {
    /// What is wrong, with its place.
    public let diagnostic: Diagnostic

    init(_ configured: ConfiguredModule?, _ error: any Error) {
        let moduleError = error as? ModuleError
        let setting = moduleError?.setting
        let node = configured?.node
        let place = setting.flatMap { node?[$0]?.place } ?? configured?.place ?? SourcePlace(.file("gateway.yaml"), line: 1, column: 1)
        let path = (["modules", configured?.instance, setting] as [String?]).compactMap { $0 }.joined(separator: ".")
        diagnostic = Diagnostic(
            .error, moduleError?.code ?? .invalidValue, "\(path): \(moduleError?.message ?? String(describing: error))", at: place,
            help: moduleError?.help)
    }

    init(_ path: String, _ error: ModuleError) {
        let setting = error.setting.map { "\(path).\($0)" } ?? path
        diagnostic = Diagnostic(
            .error, error.code, "\(setting): \(error.message)", at: SourcePlace(.file("gateway.yaml"), line: 1, column: 1), help: error.help
        )
    }

    /// The finding in one line.
    public var description: String { "\(diagnostic.place): error[\(diagnostic.code.rawValue)]: \(diagnostic.message)" }
}
