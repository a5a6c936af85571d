public import GatewayKit
private import MemoryModule

extension TestGateway {
    /// Starts a gateway around one module, runs `body`, and shuts the gateway down, whatever `body` does.
    ///
    /// The module stands in every stage that it serves, and nothing else does, but for what a gateway cannot be without: where it is no
    /// auth module, every token is good and is its user's name, so that `client.authenticate("alice")` logs alice in, or a JSON object
    /// of claims: `{"sub":"alice","roles":["admin"]}`; where it is no adapter, messages stay within the process.
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
        try await with(
            configuration(module, settings, eventLoops: eventLoops), over: wire, modules: [module, TestLogin.self, Memory.self], body: body)
    }

    /// Puts other settings of the one module in force, as a reload does, in a gateway that was started around it.
    ///
    /// - Parameters:
    ///   - module: The module's type.
    ///   - settings: What stands under its name in gateway.yaml from now on, as a mapping in braces.
    /// - Returns: How many subscriptions the new settings have ended.
    /// - Throws: ``BadConfiguration``, or the module's error; then the old settings stay in force.
    @discardableResult
    public func reload(_ module: any Module.Type, _ settings: String) async throws -> Int {
        try await reload(Self.configuration(module, settings, eventLoops: 1))
    }

    /// A configuration with one module; a reload reads everything in it but the number of event loops.
    private static func configuration(_ module: any Module.Type, _ settings: String, eventLoops: Int) -> TestConfiguration {
        let stages = Stage.allCases.map { stage in
            let name = stage.isServed(by: module) ? module.name : standIn(for: stage)
            return "  \(stage.rawValue): \(stage == .pubsub ? name : "[\(name)]")\n"
        }
        return TestConfiguration(
            file: """
                version: 1
                server: {host: 127.0.0.1, port: 0, event_loops: \(eventLoops), ping_interval: 12h, ping_timeout: 24h}
                pipeline:
                \(stages.joined())modules:
                  \(module.name): \(settings)

                """)
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
