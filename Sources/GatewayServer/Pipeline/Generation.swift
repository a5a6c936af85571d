import GatewayHTTP
import GatewayKit
import Logging
import NIOCore
import Synchronization

/// The modules of one configuration, in running order.
///
/// A reload makes a new one and swaps a reference on each loop. Whoever waits for a verdict of one, or has a request answered by it, holds
/// it: once nobody does, its modules stop.
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
    /// Who is told of connections; each module once.
    let eventHooks: [any EventHooks]
    /// What is answered to plain HTTP.
    let router: HTTPRouter
    /// What makes tokens worthless, where a module provides it.
    let revocations: (any TokenRevocations)?
    private let capabilities: Capabilities
    /// In the order of need: who needs another one is started after it and stopped before.
    ///
    /// Without the adapter, which outlives generations.
    private let modules: [(instance: String, module: any Module)]
    /// What keeps the started modules; nil before the start.
    private let leases = Mutex<(entry: ModuleLease, rest: ModuleLease)?>(nil)

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
        eventHooks = ordered.compactMap { $0.module as? any EventHooks }
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
        self.capabilities = capabilities
        revocations = capabilities.value(Capability<any TokenRevocations>.tokenRevocations.name) as? any TokenRevocations
        modules = ordered.filter { $0.instance != adapter.instance }
    }

    /// A pipeline of nothing but an adapter, which is what is tested without modules.
    init(adapter: any PubSubAdapter) {
        (accept, handshake, auth, route, deliverModules, modules) = ([], [], [], [], [], [])
        hasFrameStages = false
        eventHooks = []
        router = .none
        revocations = nil
        capabilities = Capabilities()
        (self.adapter, adapterInstance, adapterTimeout) = (adapter, "adapter", CommonModuleSettings().laterTimeout)
    }

    /// Makes every module, and starts none.
    ///
    /// - Parameters:
    ///   - pipeline: The modules, as gateway.yaml configures them.
    ///   - previous: The generation whose adapter goes on; nil makes the adapter too.
    ///   - routes: What is answered over HTTP beside the modules' own.
    ///   - trace: Writes down what modules say, in a simulation.
    ///   - lends: Makes what a module of a name gets.
    /// - Returns: The generation.
    /// - Throws: ``ConfigurationFailure`` that names the module and its place.
    static func make(
        _ pipeline: ConfiguredPipeline, after previous: Generation? = nil, routes: [HTTPRoute] = [], trace: SimulationTrace? = nil,
        lends: (_ instance: String, Capabilities) -> ModuleContext
    ) throws(ConfigurationFailure) -> Generation {
        let capabilities = Capabilities()
        var made: [(instance: String, module: any Module)] = []
        for configured in pipeline.inOrderOfNeed {
            if let previous, configured.instance == previous.adapterInstance {
                capabilities.take(configured.type.provides, from: previous.capabilities)
                made.append((configured.instance, previous.adapter))
                continue
            }
            do {
                let module = try configured.make(lends(configured.instance, capabilities))
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

    /// Starts the modules; where one fails, those before it are stopped again.
    ///
    /// - Parameters:
    ///   - running: Keeps what has started.
    ///   - isFirst: Whether the adapter starts too.
    /// - Throws: What a module throws.
    func start(_ running: RunningModules, isFirst: Bool) async throws {
        // An adapter that needs nobody is there for all modules; one that needs some keeps those of the first generation for good.
        let startsEarly = type(of: adapter).requires.isEmpty
        if isFirst, startsEarly { try await running.keep(running.start([adapter])) }
        // What the accept stage needs stands before it. A connection gives its place back when it closes, long after a reload perhaps.
        let entry = Set(accept.map(\.instance))
        let end = modules.lastIndex { entry.contains($0.instance) }.map { $0 + 1 } ?? 0
        let first = try await running.start(modules[..<end].map(\.module))
        let rest = try await running.start(modules[end...].map(\.module), after: first)
        leases.withLock { $0 = (first, rest) }
        if isFirst, !startsEarly { try await running.keep(running.start([adapter], after: rest)) }
    }

    /// Keeps the modules of the accept stage from stopping; nil before the start.
    var entryLease: ModuleLease? { leases.withLock { $0?.entry } }
}
