public import GatewayKit
private import MemoryModule

extension TestGateway {
    /// Starts a gateway around one module, runs `body`, and shuts the gateway down, whatever `body` does.
    ///
    /// The module stands in every stage that it serves, and nothing else does, but for what a gateway cannot be without: where it is no
    /// auth module, every token is good and is its user's name, so that `client.authenticate("alice")` logs alice in; where it is no
    /// adapter, messages stay within the process.
    ///
    /// - Parameters:
    ///   - module: The module's type.
    ///   - settings: What stands under its name in gateway.yaml, as a mapping in braces: `{rate: 1/s, burst: 1}`.
    ///   - wire: How clients come.
    ///   - eventLoops: How many event loops serve connections.
    ///   - body: The test.
    /// - Returns: What `body` returns.
    /// - Throws: What `body` throws; ``BadConfiguration`` or the module's error where the gateway does not start.
    public static func with<Result: Sendable>(
        _ module: any Module.Type, _ settings: String = "{}", over wire: Wire = .network, eventLoops: Int = 1,
        body: (TestGateway) async throws -> Result
    ) async throws -> Result {
        let configuration = TestConfiguration(around: module, settings, eventLoops: eventLoops)
        return try await with(configuration, over: wire, modules: [module, TestLogin.self, Memory.self], body: body)
    }
}

extension TestConfiguration {
    /// A gateway around one module, as ``TestGateway/with(_:_:over:eventLoops:body:)`` starts it: to reload that one with other settings.
    ///
    /// - Parameters:
    ///   - module: The module's type.
    ///   - settings: What stands under its name in gateway.yaml, as a mapping in braces.
    ///   - eventLoops: How many event loops serve connections; a reload cannot change it.
    public init(around module: any Module.Type, _ settings: String = "{}", eventLoops: Int = 1) {
        let stages = Stage.allCases.map { stage in
            let name = stage.isServed(by: module) ? module.name : Self.standIn(for: stage)
            return "  \(stage.rawValue): \(stage == .pubsub ? name : "[\(name)]")\n"
        }
        let file = """
            version: 1
            server: {host: 127.0.0.1, port: 0, event_loops: \(eventLoops), ping_interval: 12h, ping_timeout: 24h}
            pipeline:
            \(stages.joined())modules:
              \(module.name): \(settings)

            """
        self.init(file: file)
    }

    /// What serves a stage for which no module is given; empty where nothing has to.
    private static func standIn(for stage: Stage) -> String {
        switch stage {
        case .auth: TestLogin.name
        case .pubsub: Memory.name
        case .accept, .handshake, .route, .deliver, .http: ""
        }
    }
}
