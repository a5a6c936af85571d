import GatewayKit
import Logging
import NIOCore

/// Makes generations of modules, and has what outlives them: named state, places on connections, what modules publish with.
final class GenerationWorkshop: Sendable {
    let publisher = Publisher()
    private let logger: Logger
    private let clock: GatewayClock
    private let eventLoopGroup: any EventLoopGroup
    private let shared = SharedState()

    init(logger: Logger, clock: GatewayClock, eventLoopGroup: any EventLoopGroup) {
        self.logger = logger
        self.clock = clock
        self.eventLoopGroup = eventLoopGroup
    }

    /// Makes the modules of a configuration, and starts none.
    ///
    /// - Parameters:
    ///   - settings: The core's settings.
    ///   - pipeline: The modules.
    ///   - previous: The generation whose adapter goes on.
    /// - Returns: The generation.
    /// - Throws: ``ConfigurationFailure`` that names the module and its place.
    func make(
        _ settings: CoreSettings, _ pipeline: ConfiguredPipeline, after previous: Generation? = nil
    ) throws(ConfigurationFailure) -> Generation {
        try make(settings, pipeline, after: previous, shared, publisher)
    }

    /// Forgets what modules kept that are not in the pipeline any more.
    func forgetStates(but pipeline: ConfiguredPipeline) {
        shared.forgetStates(but: Set(pipeline.inOrderOfNeed.map(\.instance)))
    }

    /// Makes modules that only decide: they are never started, share nothing with those that serve, and publish nothing.
    func rehearse(
        _ settings: CoreSettings, _ pipeline: ConfiguredPipeline, after previous: Generation
    ) throws(ConfigurationFailure) -> Generation {
        try make(settings, pipeline, after: previous, SharedState(), NoPublisher())
    }

    private func make(
        _ settings: CoreSettings, _ pipeline: ConfiguredPipeline, after previous: Generation?, _ shared: SharedState,
        _ publisher: any EventPublisher
    ) throws(ConfigurationFailure) -> Generation {
        let health = HealthRoutes.make { [hub = self.publisher] in await hub.readiness() }
        return try Generation.make(pipeline, after: previous, routes: health) { instance, capabilities in
            var logger = logger
            logger[metadataKey: "module"] = "\(instance)"
            return ModuleContext(
                instance: instance, logger: logger, eventLoopGroup: eventLoopGroup, clock: clock, shared: shared,
                capabilities: capabilities, isLoopback: settings.isLoopback, endpoint: settings.server.path, publisher: publisher)
        }
    }
}
