import GatewayHTTP
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
    /// What is answered to plain HTTP.
    let router: HTTPRouter
    /// What makes tokens worthless, where a module provides it.
    let revocations: (any TokenRevocations)?
    /// In the order of need: who needs another one is started after it and stopped before.
    private let modules: [any Module]

    private init(
        _ pipeline: ConfiguredPipeline, _ ordered: [(instance: String, module: any Module)], _ capabilities: Capabilities,
        _ routes: [HTTPRoute]
    ) throws {
        let made = Dictionary(ordered.map { ($0.instance, $0.module) }) { first, _ in first }
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
        let http: [Slot<any HTTPModule>] = slots(.http)
        do {
            router = try HTTPRouter(routes + http.flatMap(\.module.routes))
        } catch {
            throw ModuleError("pipeline.http: \(error)", help: "let each path be answered by one module", code: .invalidValue)
        }
        revocations = capabilities.value(Capability<any TokenRevocations>.tokenRevocations.name) as? any TokenRevocations
        modules = ordered.map(\.module)
    }

    /// A pipeline of nothing but an adapter, which is what is tested without modules.
    init(adapter: any PubSubAdapter) {
        (accept, handshake, auth, route, deliverModules, modules) = ([], [], [], [], [], [adapter])
        hasFrameStages = false
        router = .none
        revocations = nil
        (self.adapter, adapterInstance, adapterTimeout) = (adapter, "adapter", CommonModuleSettings().laterTimeout)
    }

    /// Makes and starts every module; stops those that have been started where one fails.
    ///
    /// - Throws: ``ConfigurationFailure`` that names the module and its place.
    static func make(
        _ pipeline: ConfiguredPipeline, logger: Logger, clock: GatewayClock, eventLoopGroup: any EventLoopGroup, shared: SharedState,
        publisher: any EventPublisher, isLoopback: Bool = false, endpoint: String, routes: [HTTPRoute] = [], trace: SimulationTrace? = nil
    ) throws(ConfigurationFailure) -> Generation {
        let capabilities = Capabilities()
        var made: [(instance: String, module: any Module)] = []
        for configured in pipeline.inOrderOfNeed {
            var logger = logger
            logger[metadataKey: "module"] = "\(configured.instance)"
            let context = ModuleContext(
                instance: configured.instance, logger: logger, eventLoopGroup: eventLoopGroup, clock: clock, shared: shared,
                capabilities: capabilities, isLoopback: isLoopback, endpoint: endpoint, isTrial: trace != nil, publisher: publisher)
            do {
                let module = try configured.make(context)
                made.append((configured.instance, trace?.recording(module, configured) ?? module))
            } catch {
                throw ConfigurationFailure(configured, error)
            }
        }
        do {
            return try Generation(pipeline, made, capabilities, routes)
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
        for module in modules.reversed() { await module.stop() }
    }
}

/// A configuration that only showed to be wrong when its modules were made.
public struct ConfigurationFailure: Error, Sendable, CustomStringConvertible {
    /// What is wrong, with its place.
    public let diagnostic: Diagnostic
    /// The setting at fault, where it is one of the core's and its place is not known yet.
    private var path: [String] = []

    /// What is wrong, at the place that the setting has in a tree.
    ///
    /// - Parameter root: The effective tree that the settings were decoded from.
    /// - Returns: The finding.
    public func diagnostic(in root: ConfigurationNode) -> Diagnostic {
        let place = path.indices.reversed().lazy.compactMap { root[path: Array(path[...$0])]?.place }.first
        guard let place else { return diagnostic }
        return Diagnostic(diagnostic.severity, diagnostic.code, diagnostic.message, at: place, help: diagnostic.help)
    }

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
        self.path = setting.split(separator: ".").map(String.init)
    }

    /// The finding in one line.
    public var description: String { "\(diagnostic.place): error[\(diagnostic.code.rawValue)]: \(diagnostic.message)" }
}
