import GatewayKit
import GatewayTestKit
import NIOCore
import Synchronization

struct EveryCallSettings: Settings {
    var promises = false
    static let fields: [SettingField<Self>] = [SettingField("promises", \.promises, "Whether verdicts of the route stage come later.")]
}

/// Stands everywhere, and lets a test see each call that the core makes while it is under way.
final class EveryCall: AcceptStage, HandshakeStage, AuthStage, RouteStage, FrameStage, DeliverStage, PubSubAdapter, EventHooks {
    enum Call: String, CaseIterable, Sendable {
        case accept, released, handshake, authenticate, frame, route, filter, deliver, publish, subscribe, unsubscribe
        case opened, authenticated, subscribed, unsubscribed, closed

        /// Where the time of the call counts.
        var stage: String {
            switch self {
            case .accept, .released: "accept"
            case .handshake: "handshake"
            case .authenticate: "auth"
            case .frame, .route, .filter: "route"
            case .deliver: "deliver"
            case .publish, .subscribe, .unsubscribe: "pubsub"
            case .opened, .authenticated, .subscribed, .unsubscribed, .closed: "hooks"
            }
        }
    }

    /// What happens in each call; on the loop.
    @TaskLocal static var body: @Sendable (Call) -> Void = { _ in }

    /// Lets a client do whatever it may, so that the core makes every call.
    static func provoke(_ gateway: TestGateway) async throws {
        let client = try await gateway.connect()
        try await client.authenticate("alice")
        try await client.subscribe("a.*", "a.b")
        client.publish("a.c")
        try await client.expectMessage("a.c")
        try await client.unsubscribe("a.b")
        await client.drop()
    }

    static let name = "every_call"
    static let summary = "Is called."
    private let promises: Bool
    private let call = EveryCall.body
    private let sink = Mutex<(any EventSink)?>(nil)

    init(settings: EveryCallSettings, context: ModuleContext) { promises = settings.promises }

    func accept(_ connection: Connection) -> Verdict<HTTPRefusal> {
        call(.accept)
        return .proceed
    }

    func released(_ connection: Connection) { call(.released) }

    func handshake(_ request: inout UpgradeRequest, _ connection: Connection) -> Verdict<HTTPRefusal> {
        call(.handshake)
        return .proceed
    }

    func authenticate(_ credentials: Credentials, _ connection: Connection) -> AuthVerdict {
        call(.authenticate)
        return .accepted(Principal(userID: "alice"))
    }

    func frame(_ message: FrameMessage, _ connection: Connection) -> FrameVerdict {
        call(.frame)
        return .proceed
    }

    func route(_ command: inout Command, _ connection: Connection) -> Verdict<Rejection> {
        call(.route)
        if command.action == .subscribe, command.pattern.hasWildcards { command.restrict(to: Filter(call: call)) }
        return promises ? .later(connection.eventLoop.makeSucceededFuture(.proceed)) : .proceed
    }

    func deliver(_ message: Delivery, to connection: Connection, backlog: Backlog) -> DeliverVerdict {
        call(.deliver)
        return .deliver
    }

    func attach(_ sink: any EventSink) { self.sink.withLock { $0 = sink } }

    func publish(_ event: Event, on eventLoop: any EventLoop) -> Verdict<Rejection> {
        call(.publish)
        return sink.withLock { $0 }?.deliver(event, on: eventLoop) ?? .proceed
    }

    func subscribe(_ pattern: TopicPattern, on eventLoop: any EventLoop) -> Verdict<Rejection> {
        call(.subscribe)
        return .proceed
    }

    func unsubscribe(_ pattern: TopicPattern, on eventLoop: any EventLoop) { call(.unsubscribe) }

    var health: AdapterHealth { .up }

    func opened(_ connection: Connection) { call(.opened) }
    func authenticated(_ connection: Connection) { call(.authenticated) }
    func subscribed(_ pattern: TopicPattern, _ connection: Connection) { call(.subscribed) }
    func unsubscribed(_ pattern: TopicPattern, _ connection: Connection) { call(.unsubscribed) }
    func closed(_ connection: Connection, _ end: ConnectionEnd) { call(.closed) }

    private struct Filter: TopicFilter {
        let call: @Sendable (Call) -> Void

        func admits(_ topic: Topic, _ connection: Connection) -> Bool {
            call(.filter)
            return true
        }
    }
}
