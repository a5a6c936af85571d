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
    struct Slot<Stage: Sendable>: OnDuty {
        let module: Stage
        let duty: Duty
    }

    /// A module of the route list: it looks at whole messages, at commands, or at both.
    struct RouteSlot: OnDuty {
        let route: (any RouteStage)?
        let frame: (any FrameStage)?
        let duty: Duty
    }

    let accept: [Slot<any AcceptStage>]
    let handshake: [Slot<any HandshakeStage>]
    let auth: [Slot<any AuthStage>]
    let route: [RouteSlot]
    /// The deliver stage, without what only the other stages need: it is asked once a receiver.
    let deliverModules: ContiguousArray<any DeliverStage>
    /// The names of these.
    let deliverNames: ContiguousArray<DutyName>
    let adapter: any PubSubAdapter
    /// The adapter's name in gateway.yaml, and how long it may take to answer.
    let adapterDuty: Duty
    /// Whether any module looks at whole messages.
    let hasFrameStages: Bool
    /// Who is told of connections; each module once.
    let eventHooks: [(module: any EventHooks, name: DutyName)]
    /// What is answered to plain HTTP.
    let router: HTTPRouter
    /// What modules answer operators.
    let adminRouter: HTTPRouter
    /// What makes tokens worthless, where a module provides it.
    let revocations: (any TokenRevocations)?
    private let capabilities: Capabilities
    /// In the order of need: who needs another one is started after it and stopped before.
    ///
    /// Without the adapter, which outlives generations.
    private let modules: [MadeModule]
    /// The adapter; nil where a test has given one.
    private let madeAdapter: MadeModule?
    /// What keeps the started modules; nil before the start.
    private let leases = Mutex<(entry: ModuleLease, rest: ModuleLease)?>(nil)

    private init(
        _ pipeline: ConfiguredPipeline, _ ordered: [MadeModule], _ capabilities: Capabilities, _ routes: [HTTPRoute]
    ) throws(ModuleError) {
        let made = Dictionary(ordered.map { ($0.configured.instance, $0) }) { first, _ in first }
        func slots<Stage>(_ stage: GatewayKit.Stage, as type: Stage.Type = Stage.self) -> [Slot<Stage>] {
            pipeline.stages[stage, default: []].compactMap { configured in
                guard let made = made[configured.instance], let module = made.module as? Stage else { return nil }
                return Slot(module: module, duty: Duty(stage, configured, made.logger))
            }
        }
        accept = slots(.accept)
        handshake = slots(.handshake)
        auth = slots(.auth)
        let deliver: [Slot<any DeliverStage>] = slots(.deliver)
        deliverModules = ContiguousArray(deliver.map(\.module))
        deliverNames = ContiguousArray(deliver.map(\.duty.name))
        route = pipeline.stages[.route, default: []].compactMap { configured in
            guard let made = made[configured.instance] else { return nil }
            return RouteSlot(
                route: made.module as? any RouteStage, frame: made.module as? any FrameStage, duty: Duty(.route, configured, made.logger))
        }
        hasFrameStages = route.contains { $0.frame != nil }
        eventHooks = ordered.compactMap { made in (made.module as? any EventHooks).map { ($0, DutyName(hooksOf: made.configured.instance)) }
        }
        let adapters: [Slot<any PubSubAdapter>] = slots(.pubsub)
        guard let adapter = adapters.first else {
            throw ModuleError("it names no adapter", help: "write pubsub: memory", setting: "pubsub", code: .missingKey)
        }
        (self.adapter, adapterDuty) = (adapter.module, adapter.duty)
        let http: [Slot<any HTTPModule>] = slots(.http)
        do {
            router = try HTTPRouter(routes + http.flatMap { slot in slot.module.routes.map { $0.of(slot.instance) } })
        } catch {
            throw ModuleError("\(error)", help: "let each path be answered by one module", setting: "http", code: .invalidValue)
        }
        adminRouter = try HTTPRouter(forOperators: ordered)
        self.capabilities = capabilities
        revocations = capabilities.value(Capability<any TokenRevocations>.tokenRevocations.name) as? any TokenRevocations
        modules = ordered.filter { $0.configured.instance != adapter.instance }
        madeAdapter = made[adapter.instance]
    }

    /// A pipeline of nothing but an adapter, which is what is tested without modules.
    init(adapter: any PubSubAdapter) {
        (accept, handshake, auth, route, deliverModules, deliverNames, modules) = ([], [], [], [], [], [], [])
        hasFrameStages = false
        (router, adminRouter) = (.none, .none)
        eventHooks = []
        revocations = nil
        capabilities = Capabilities()
        (self.adapter, adapterDuty, madeAdapter) = (adapter, Duty(.pubsub, nil, nil), nil)
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
        var made: [MadeModule] = []
        for configured in pipeline.inOrderOfNeed {
            let context = lends(configured.instance, capabilities)
            if let previous, configured.instance == previous.adapterDuty.instance {
                capabilities.take(configured.type.provides, from: previous.capabilities)
                made.append(MadeModule(configured: configured, module: previous.adapter, logger: context.logger))
                continue
            }
            do {
                let module = try configured.make(context)
                made.append(
                    MadeModule(configured: configured, module: trace?.recording(module, configured) ?? module, logger: context.logger))
            } catch {
                throw ConfigurationFailure(configured, error)
            }
        }
        do throws(ModuleError) {
            return try Generation(pipeline, made, capabilities, routes)
        } catch {
            throw ConfigurationFailure("pipeline", error)
        }
    }

    /// Starts the modules; where one fails, those before it are stopped again.
    ///
    /// - Parameters:
    ///   - running: Keeps what has started.
    ///   - isFirst: Whether the adapter starts too.
    /// - Throws: ``ConfigurationFailure`` that names the module and its place; ``Rejection`` where the gateway is going down.
    func start(_ running: RunningModules, isFirst: Bool) async throws {
        // An adapter that needs nobody is there for all modules; one that needs some keeps those of the first generation for good.
        let startsEarly = type(of: adapter).requires.isEmpty
        let newAdapter = isFirst ? [madeAdapter].compactMap(\.self) : []
        if startsEarly, !newAdapter.isEmpty { try await running.keep(running.start(newAdapter)) }
        // What the accept stage needs stands before it. A connection gives its place back when it closes, long after a reload perhaps.
        let names = Set(accept.map(\.instance))
        let end = modules.lastIndex { names.contains($0.configured.instance) }.map { $0 + 1 } ?? 0
        let entry = try await running.start(Array(modules[..<end]))
        let rest = try await running.start(Array(modules[end...]), after: entry)
        leases.withLock { $0 = (entry, rest) }
        if !startsEarly, !newAdapter.isEmpty { try await running.keep(running.start(newAdapter, after: rest)) }
    }

    /// The modules that can be spared for a while.
    var duties: [Duty] { accept.map(\.duty) + handshake.map(\.duty) + route.map(\.duty) }

    /// Keeps the modules of the accept stage from stopping; nil before the start.
    var entryLease: ModuleLease? { leases.withLock { $0?.entry } }
}
