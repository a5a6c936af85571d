import GatewayConfiguration
import GatewayKit
import GatewayServer
import Logging
import NIOCore
import NIOPosix

/// What a check works with: a folder, event loops, a clock, a log, and modules that are made as the core makes them.
final class ModuleRig: Sendable {
    /// Four loops for all checks: each has hundreds of them under way at once.
    static let eventLoopGroup = MultiThreadedEventLoopGroup(numberOfThreads: 4)
    static let eventLoops: [any EventLoop] = eventLoopGroup.makeIterator().map { $0 }

    let setup: ModuleSetup
    let folder: RigFolder
    let clock = ManualClock()
    let log = RecordedLog()
    let publisher = TestPublisher()

    init(_ setup: ModuleSetup) throws {
        self.setup = setup
        folder = try RigFolder(setup.files)
    }

    /// The types that the configuration may name.
    var types: [any Module.Type] { configurationFile.types }

    /// A whole gateway.yaml with the module in every stage that it serves.
    ///
    /// - Parameter settings: What stands under its name; nil for that of the setup.
    /// - Returns: The configuration.
    func configuration(_ settings: String? = nil) -> TestConfiguration {
        TestConfiguration(file: configurationFile.text(settings ?? setup.settings))
    }

    private var configurationFile: RigConfiguration { RigConfiguration(setup) }

    /// Loads the configuration.
    func load(_ settings: String? = nil) throws -> LoadedConfiguration<CoreSettings> {
        let result = result(of: configuration(settings).text)
        guard let loaded = result.configuration else { throw BadConfiguration(diagnostics: result.diagnostics) }
        return loaded
    }

    /// What comes of a text.
    func result(of text: String, environment: [String: String] = [:]) -> ConfigurationResult<CoreSettings> {
        let request = ConfigurationRequest(file: "\(folder.path)/gateway.yaml", text: Array(text.utf8), environment: environment)
        return ConfigurationLoader.load(CoreSettings.self, request, modules: types)
    }

    /// What the module's settings are decoded with.
    func trial() throws -> SettingsTrial { try SettingsTrial(setup.type, settingsNode(), folder: folder.path) }

    /// What it is asked, the words of its settings among it.
    func inputs() throws -> HostileInputs { try HostileInputs(settings: settingsNode(), token: setup.token) }

    private func settingsNode() throws -> ConfigurationNode? { try load().root[path: ["modules", setup.type.name]] }

    /// Makes the modules, and starts none.
    ///
    /// - Parameters:
    ///   - pipeline: With which settings; nil for those of the setup.
    ///   - shared: What outlives a reload.
    ///   - isTrial: Whether they are made for a simulation.
    /// - Returns: The modules.
    /// - Throws: What a module's initializer throws; ``BadConfiguration`` where the settings are refused.
    func make(_ pipeline: ConfiguredPipeline? = nil, shared: SharedState = SharedState(), isTrial: Bool = false) throws -> ModuleCrew {
        let pipeline = try pipeline ?? load().pipeline
        let capabilities = Capabilities()
        var modules: [any Module] = []
        var tested: (any Module)?
        for configured in pipeline.inOrderOfNeed {
            var logger = log.logger(level: .trace)
            logger[metadataKey: "module"] = "\(configured.instance)"
            let context = ModuleContext(
                instance: configured.instance, logger: logger, eventLoopGroup: Self.eventLoopGroup, clock: clock.gatewayClock,
                shared: shared, capabilities: capabilities, isLoopback: true, isTrial: isTrial, publisher: publisher)
            let module = try configured.make(context)
            modules.append(module)
            if configured.instance == setup.type.name { tested = module }
        }
        guard let tested else { throw Unmet(what: "a module \(setup.type.name) in its own pipeline") }
        return ModuleCrew(modules, tested: tested, patience: setup.patience)
    }

    /// Makes and starts the modules, runs `body`, and stops them, whatever `body` does.
    func serving<Result: Sendable>(
        _ pipeline: ConfiguredPipeline? = nil, shared: SharedState = SharedState(), body: (ModuleCrew) async throws -> Result
    ) async throws -> Result {
        let crew = try make(pipeline, shared: shared)
        try await crew.start()
        let result: Swift.Result<Result, any Error>
        do {
            result = .success(try await body(crew))
        } catch {
            result = .failure(error)
        }
        try await crew.stop()
        return try result.get()
    }

    /// A new connection on one of the loops.
    func connect(_ loop: Int = 0, from address: ClientAddress, as principal: Principal? = nil) async throws -> RigConnection {
        let eventLoop = Self.eventLoops[loop % Self.eventLoops.count]
        return try await RigConnection(eventLoop, address, principal, clock, patience: setup.patience)
    }
}
