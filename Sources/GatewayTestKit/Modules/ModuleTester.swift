public import GatewayKit
private import Logging
public import NIOEmbedded

/// Makes modules and connections for them, without a server: what a module's own tests stand on.
///
///     let tester = ModuleTester()
///     let limit = try tester.make(RateLimit.self, "{rate: 1/s, burst: 1}")
///     let client = tester.connect(userID: "alice")
///     #expect(limit.route(&command, client.connection).isProceed)
///     tester.advance(by: .seconds(1))
///
/// One thread; time moves only by ``advance(by:)``. Making a module twice with one tester is what a reload does: slots and states stay.
public final class ModuleTester {
    /// The clock of the modules and connections.
    public let clock: ManualClock
    /// The loop of every connection.
    public let eventLoop = EmbeddedEventLoop()
    private let shared = SharedState()
    private let capabilities = Capabilities()
    private let endpoint: String
    private let time: TurnTime

    /// Makes a tester with a clock of its own, or with one that is given, and with that path for the WebSocket endpoint.
    public init(clock: ManualClock = ManualClock(), endpoint: String = "/ws") {
        self.clock = clock
        self.endpoint = endpoint
        time = TurnTime(clock: clock.gatewayClock)
    }

    /// What the core would lend to the module instance of that name.
    public func context(_ instance: String) -> ModuleContext {
        ModuleContext(
            instance: instance, logger: Logger(label: instance) { _ in SwiftLogNoOpLogHandler() }, eventLoopGroup: eventLoop,
            clock: clock.gatewayClock, shared: shared, capabilities: capabilities, endpoint: endpoint)
    }

    /// Makes a module from settings as gateway.yaml has them.
    ///
    /// - Parameters:
    ///   - type: The module's type.
    ///   - settings: A mapping in braces: `{rate: 1/s, burst: 1}`.
    ///   - instance: The key under `modules`; nil for the module's name.
    /// - Returns: The module, made and not started.
    /// - Throws: The first `Diagnostic` about the settings, or what the module's initializer throws.
    public func make<Made: Module>(_ type: Made.Type, _ settings: String = "{}", instance: String? = nil) throws -> Made {
        try make(type, SettingsTester.settings(Made.Settings.self, settings), instance: instance)
    }

    /// Makes a module from settings.
    ///
    /// - Parameters:
    ///   - type: The module's type.
    ///   - settings: The settings.
    ///   - instance: The key under `modules`; nil for the module's name.
    /// - Returns: The module, made and not started.
    /// - Throws: What the module's initializer throws.
    public func make<Made: Module>(_ type: Made.Type, _ settings: Made.Settings, instance: String? = nil) throws -> Made {
        try Made(settings: settings, context: context(instance ?? Made.name))
    }

    /// A new connection.
    ///
    /// - Parameters:
    ///   - address: The client's address, which has to be one.
    ///   - principal: Who it is; nil for nobody yet.
    /// - Returns: The connection, and what is done to it.
    public func connect(from address: String = "192.0.2.1", as principal: Principal? = nil) -> TestConnection {
        guard let address = ClientAddress(address) else { preconditionFailure("'\(address)' is no address") }
        return TestConnection(eventLoop: eventLoop, address: address, time: time, principal: principal)
    }

    /// A new connection of a user without further claims.
    ///
    /// - Parameters:
    ///   - address: The client's address.
    ///   - userID: The user.
    /// - Returns: The connection, and what is done to it.
    public func connect(from address: String = "192.0.2.1", userID: String) -> TestConnection {
        connect(from: address, as: Principal(userID: userID))
    }

    /// Moves the clock on, begins a new turn of the event loop, and runs what was scheduled for the time in between.
    public func advance(by duration: Duration) {
        clock.advance(by: duration)
        time.update()
        eventLoop.advanceTime(by: duration.timeAmount)
    }

    /// What a capability holds that one of the modules provided; nil where none did.
    public func provided<Value>(_ key: Capability<Value>) -> Value? { capabilities.value(key.name) as? Value }
}

@available(*, unavailable)
extension ModuleTester: Sendable {}
