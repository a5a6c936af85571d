private import Foundation
internal import GatewayConfiguration
public import GatewayKit
package import GatewayServer
private import Logging
private import Synchronization

/// A whole gateway in the test's process: real sockets, the modules and rules of a configuration, and a clock that stands until the test
/// moves it.
///
/// Whether its clients come over a network is one word, ``Wire``:
///
///     @Test(arguments: Wire.allCases) func `it greets`(wire: Wire) async throws {
///         try await TestGateway.with(configuration, over: wire, modules: [Greeter.self]) { gateway in
///             let client = try await gateway.connect()
public final class TestGateway: Sendable {
    /// The gateway itself, for what only its administration needs.
    package let gateway: Gateway
    /// Its clock.
    public let clock: ManualClock
    /// What it logs.
    public let log: RecordedLog
    /// Where relative paths of the configuration start: nowhere yet, and gone with the gateway.
    private let folder: String
    private let modules: [any Module.Type]
    private let environment: [String: String]
    private let wire: Wire
    private let ending = Mutex<Task<Void, Never>?>(nil)

    private init(
        gateway: Gateway, wire: Wire, clock: ManualClock, log: RecordedLog, folder: String, modules: [any Module.Type],
        environment: [String: String]
    ) {
        self.gateway = gateway
        self.wire = wire
        self.modules = modules
        self.environment = environment
        self.folder = folder
        self.clock = clock
        self.log = log
    }

    /// Starts a gateway, runs `body`, and shuts the gateway down, whatever `body` does.
    ///
    /// - Parameters:
    ///   - configuration: The configuration.
    ///   - wire: How clients come.
    ///   - modules: The module types that the configuration may name.
    ///   - environment: The environment that the configuration sees.
    ///   - body: The test.
    /// - Returns: What `body` returns.
    /// - Throws: What `body` throws; ``BadConfiguration`` or a module's error where the gateway does not start.
    public static func with<Result: Sendable>(
        _ configuration: TestConfiguration, over wire: Wire = .network, modules: [any Module.Type], environment: [String: String] = [:],
        body: (TestGateway) async throws -> Result
    ) async throws -> Result {
        try await with(1, configuration, over: wire, modules: modules, environment: environment) { try await body($0[0]) }
    }

    /// Starts several gateways, runs `body`, and shuts them down, whatever `body` does.
    ///
    /// Tests that need many gateways wait for each other here, so ask for all at once and not inside of another `body`.
    ///
    /// - Parameters:
    ///   - count: How many gateways.
    ///   - configuration: The configuration of each.
    ///   - wire: How clients come.
    ///   - modules: The module types that the configuration may name.
    ///   - environment: The environment that the configuration sees.
    ///   - body: The test; it gets as many gateways as were wanted.
    /// - Returns: What `body` returns.
    /// - Throws: What `body` throws; ``BadConfiguration`` or a module's error where a gateway does not start.
    public static func with<Result: Sendable>(
        _ count: Int, _ configuration: TestConfiguration, over wire: Wire = .network, modules: [any Module.Type],
        environment: [String: String] = [:], body: ([TestGateway]) async throws -> Result
    ) async throws -> Result {
        try await with(count, configuration, wire, modules, environment, folder: nil, body: body)
    }

    /// The same, with a folder that relative paths start at; it is removed with the gateway.
    static func with<Result: Sendable>(
        _ count: Int, _ configuration: TestConfiguration, _ wire: Wire, _ modules: [any Module.Type],
        _ environment: [String: String] = [:], folder: String?, body: ([TestGateway]) async throws -> Result
    ) async throws -> Result {
        await Turnstile.gateways.enter(count)
        var gateways: [TestGateway] = []
        let result: Swift.Result<Result, any Error>
        do {
            for _ in 0..<count { gateways.append(try await start(configuration, wire, modules, environment, folder: folder)) }
            result = .success(try await body(gateways))
        } catch {
            result = .failure(error)
        }
        for gateway in gateways { await gateway.stop() }
        await Turnstile.gateways.leave(count)
        return try result.get()
    }

    /// Starts a gateway; ``stop()`` ends it.
    ///
    /// - Parameters:
    ///   - configuration: The configuration.
    ///   - wire: How clients come.
    ///   - modules: The module types that the configuration may name.
    ///   - environment: The environment that the configuration sees.
    /// - Returns: The running gateway.
    /// - Throws: ``BadConfiguration``, or a module's error.
    public static func start(
        _ configuration: TestConfiguration, over wire: Wire = .network, modules: [any Module.Type], environment: [String: String] = [:]
    ) async throws -> TestGateway {
        try await start(configuration, wire, modules, environment, folder: nil)
    }

    private static func start(
        _ configuration: TestConfiguration, _ wire: Wire, _ modules: [any Module.Type], _ environment: [String: String], folder: String?
    ) async throws -> TestGateway {
        let folder = folder ?? FileManager.default.temporaryDirectory.appending(path: "gateway-\(UUID().uuidString)").path
        let loaded = try load(configuration, folder, modules, environment)
        let clock = ManualClock()
        let log = RecordedLog()
        if wire == .memory, loaded.core.server.tls != nil { throw Unmet(what: "TLS in memory: it takes a network") }
        let gateway = try await Gateway.start(
            loaded.core, pipeline: loaded.pipeline, clock: clock.gatewayClock, logger: log.logger(), opensPort: wire == .network)
        return TestGateway(
            gateway: gateway, wire: wire, clock: clock, log: log, folder: folder, modules: modules, environment: environment)
    }

    private static func load(
        _ configuration: TestConfiguration, _ folder: String, _ modules: [any Module.Type], _ environment: [String: String]
    ) throws -> LoadedConfiguration<CoreSettings> {
        let request = ConfigurationRequest(
            file: "\(folder)/gateway.yaml", text: Array(configuration.text.utf8), profile: configuration.profile, environment: environment)
        let result = ConfigurationLoader.load(CoreSettings.self, request, modules: modules)
        guard let loaded = result.configuration else { throw BadConfiguration(diagnostics: result.diagnostics) }
        return loaded
    }

    /// Puts another configuration into the place of the one that serves, as a reload does; also where it is the same.
    ///
    /// What only a start reads has to stay as it is.
    ///
    /// - Parameter configuration: The configuration.
    /// - Returns: How many subscriptions the new rules have ended.
    /// - Throws: ``BadConfiguration``, or a module's error; then the old one serves on.
    @discardableResult
    public func reload(_ configuration: TestConfiguration) async throws -> Int {
        let loaded = try Self.load(configuration, folder, modules, environment)
        return try await gateway.reload(loaded.core, loaded.pipeline)
    }

    /// Shuts the gateway down as SIGTERM does, by the test's clock; a second call waits for the first.
    public func drain() async {
        let gateway = gateway
        let drained = ending.withLock { task in
            let drained = task ?? Task { await gateway.drain() }
            task = drained
            return drained
        }
        await drained.value
    }

    /// Shuts the gateway down; moves the clock on, so that nobody waits for the seconds of a drain.
    public func stop() async {
        let clock = clock
        let hurry = Task {
            while !Task.isCancelled {
                clock.advance(by: .seconds(60))
                // The loops look at the test's clock at their own ticks, which are real.
                try? await Task.sleep(for: .milliseconds(20))
            }
        }
        await drain()
        hurry.cancel()
        await hurry.value
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// The port; in memory the one of the configuration, at which nobody listens.
    public var port: Int { gateway.port }

    /// How many connections count now.
    public var connectionCount: Int { gateway.connectionCount }

    /// How many sockets the gateway has open, those that linger after their close included.
    public var socketCount: Int { gateway.socketCount }

    /// Waits until the adapter carries messages.
    ///
    /// - Throws: ``Unmet`` with the adapter's reason where it does not within a minute.
    public func waitForAdapter() async throws {
        do {
            try await eventually("the adapter carries messages") { if case .up = gateway.adapterHealth { true } else { false } }
        } catch {
            if case .down(let reason) = gateway.adapterHealth { throw Unmet(what: "an adapter that carries messages: \(reason)") }
            throw error
        }
    }

    /// Publishes an event to all its topics, as applications do.
    ///
    /// - Parameter event: The event.
    /// - Throws: `Rejection` where the adapter does not take it.
    public func publish(_ event: Event) async throws { try await gateway.publish(event) }

    /// Makes tokens worthless, and returns once who came with them has been sent away.
    ///
    /// - Parameter revocation: Which tokens.
    /// - Throws: `ModuleError` where no module can, or where it cannot be kept.
    public func revoke(_ revocation: Revocation) async throws { try await gateway.revoke(revocation) }

    /// Opens a WebSocket that has not authenticated.
    ///
    /// - Parameters:
    ///   - path: The path to ask for.
    ///   - headers: Header lines beside those that the upgrade needs.
    ///   - manners: What the client does by itself.
    /// - Returns: The open connection.
    /// - Throws: ``TestClientError`` where the answer is no 101.
    public func connect(
        path: String = "/ws", headers: [(String, String)] = [], manners: TestClient.Manners = .init()
    ) async throws -> TestClient {
        try await open(manners: manners).upgraded(path: path, headers: headers)
    }

    /// Opens a socket that has said nothing.
    ///
    /// - Parameter manners: What the client does by itself.
    /// - Returns: The open socket.
    /// - Throws: NIO's error where the port does not answer.
    public func open(manners: TestClient.Manners = .init()) async throws -> TestClient {
        guard wire == .memory else { return try await TestClient.open(port: port, manners: manners) }
        let source = manners.sourceAddress ?? "127.0.0.1"
        guard let address = ClientAddress(source) else { throw Unmet(what: "a client from '\(source)', which is no address") }
        return try await TestClient.open(socket: gateway.letIn(from: address), manners: manners)
    }

    /// Moves the clock on and waits for nothing: deadlines that have passed fire at the loops' next tick.
    public func advance(by duration: Duration) { clock.advance(by: duration) }
}
