import GatewayKit
import Logging
import NIOCore
import NIOEmbedded
import Testing

@testable import AuthorizationModule

/// The module with rules, and a connection of somebody.
struct RuleTester {
    let module: Authorization
    let connection: Connection

    init(_ settings: ConfigurationNode, as principal: Principal? = Principal(userID: "ann"), sharing shared: SharedState = SharedState())
        throws
    {
        let decoded = decode(AuthorizationSettings.self, settings)
        try #require(decoded.diagnostics.isEmpty, "\(decoded.diagnostics)")
        let loop = EmbeddedEventLoop()
        let clock = GatewayClock(monotonic: { .uptimeNanoseconds(0) }, wall: { Timestamp(milliseconds: 0) })
        module = Authorization(
            settings: try #require(decoded.value),
            context: ModuleContext(
                instance: "authorization", logger: Logger(label: "test"), eventLoopGroup: loop, clock: clock, shared: shared,
                capabilities: Capabilities()))
        let address = try #require(ClientAddress("192.0.2.1"))
        connection = Connection(eventLoop: loop, address: address, time: TurnTime(clock: clock))
        connection.principal = principal
    }

    init(rules: ConfigurationNode, as principal: Principal? = Principal(userID: "ann")) throws {
        try self.init(["rules": rules], as: principal)
    }

    /// What the route stage makes of a command.
    func route(_ action: Command.Action, _ topic: String) throws -> (command: Command, rejection: Rejection?) {
        var command = Command(action, try TopicPattern(topic))
        switch module.route(&command, connection) {
        case .proceed: return (command, nil)
        case .refuse(let rejection): return (command, rejection)
        case .later: throw Unexpected()
        }
    }

    /// Granted without a filter.
    func grants(_ action: Command.Action, _ topic: String) throws -> Bool {
        let (command, rejection) = try route(action, topic)
        return rejection == nil && command.filters.isEmpty
    }

    /// Granted with a filter.
    func filters(_ topic: String) throws -> Bool {
        let (command, rejection) = try route(.subscribe, topic)
        return rejection == nil && command.filters.count == 1
    }

    func refuses(_ action: Command.Action, _ topic: String) throws -> Bool { try route(action, topic).rejection != nil }

    /// Whether a topic passes the filter of a subscription.
    func admits(_ topic: String, under pattern: String) throws -> Bool {
        let filter = try #require(try route(.subscribe, pattern).command.filters.first)
        return filter.admits(try Topic(topic), connection)
    }
}

struct Unexpected: Error {}
