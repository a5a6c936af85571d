package import GatewayKit
package import Logging
import NIOCore
import NIOPosix
import Synchronization

/// A gateway for one made-up client: the modules of a configuration, asked by the core's own code over a connection within this process.
///
/// Nothing listens, nothing is published, no file is made. Only the modules that the client meets are made and started. What a running
/// gateway counts (connections of an address, rates) starts at zero.
package struct Simulation: Sendable {
    let settings: CoreSettings
    let pipeline: ConfiguredPipeline
    let clock: GatewayClock
    let logger: Logger

    /// Takes a configuration, checked.
    package init(_ settings: CoreSettings, pipeline: ConfiguredPipeline, clock: GatewayClock = .system, logger: Logger) {
        self.settings = settings
        self.pipeline = pipeline
        self.clock = clock
        self.logger = logger
    }

    /// Lets the client do what it wants.
    ///
    /// - Parameter request: The client, and what it wants.
    /// - Returns: What the modules said, and what the client gets.
    /// - Throws: ``ConfigurationFailure`` where a module cannot be made or started.
    package func run(_ request: SimulatedRequest) async throws -> SimulationReport {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let result: Result<SimulationReport, any Error>
        do {
            result = .success(try await run(request, on: group.next(), group))
        } catch {
            result = .failure(error)
        }
        try? await group.shutdownGracefully()
        return try result.get()
    }

    private func run(_ request: SimulatedRequest, on eventLoop: any EventLoop, _ group: any EventLoopGroup) async throws -> SimulationReport
    {
        let trace = SimulationTrace()
        let publisher = Publisher()
        let core = Core(settings: settings, clock: clock, logger: logger, eventLoops: [eventLoop], tls: nil)
        let shared = SharedState()
        let generation = try Generation.make(try part(for: request), trace: trace) { instance, capabilities in
            var logger = logger
            logger[metadataKey: "module"] = "\(instance)"
            return ModuleContext(
                instance: instance, logger: logger, eventLoopGroup: group, clock: clock, shared: shared, capabilities: capabilities,
                isLoopback: settings.isLoopback, endpoint: settings.server.path, isTrial: true, publisher: publisher)
        }
        let shard = try await eventLoop.submit {
            let shard = Shard(eventLoop: eventLoop, index: 0, core: core, generation: generation)
            shard.start()
            return NIOLoopBound(shard, eventLoop: eventLoop)
        }.get()
        core.setShards([shard])
        publisher.adapter.withLock { $0 = generation.adapter }
        publisher.core.withLock { $0 = core }
        let run = SimulationRun(request: request, core: core, generation: generation, trace: trace, publisher: publisher)
        let result: Result<SimulationReport, any Error>
        let running = RunningModules()
        do {
            try await generation.start(running, isFirst: true)
            result = .success(try await run.report())
        } catch {
            result = .failure(error)
        }
        await running.stopAll()
        await core.onEveryShard { $0.stop() }
        core.advance(to: .stopped)
        return try result.get()
    }

    /// The part of the pipeline that the client meets.
    private func part(for request: SimulatedRequest) throws -> ConfiguredPipeline {
        var stages: [Stage: [ConfiguredModule]] = [:]
        for stage in request.stages { stages[stage] = pipeline.stages[stage] }
        if case .claims(let principal) = request.credentials {
            var settings = GivenPrincipal.Settings()
            settings.principal = principal
            stages[.auth] = [Self.standIn(GivenPrincipal.self, settings)]
        }
        let made = request.stages.flatMap { stages[$0] ?? [] }
        let provided = Set(made.flatMap { $0.type.provides })
        for module in made {
            guard let missing = module.type.requires.first(where: { !provided.contains($0) }) else { continue }
            let isByAuth = pipeline.stages[.auth, default: []].contains { $0.type.provides.contains(missing) }
            throw ConfigurationFailure(
                module,
                ModuleError(
                    "needs \(missing.rawValue), which comes from a module that this simulation does not make",
                    help: isByAuth ? "give a token: then the auth stage is made" : nil, code: .missingProvider))
        }
        stages[.pubsub] = [Self.standIn(SilentAdapter.self, NoSettings())]
        return ConfiguredPipeline(stages: stages)
    }

    private static func standIn(_ type: any Module.Type, _ settings: any Settings) -> ConfiguredModule {
        ConfiguredModule(
            instance: type.name, type: type, settings: settings, common: CommonModuleSettings(),
            place: SourcePlace(.commandLine("simulate")), node: nil)
    }
}
