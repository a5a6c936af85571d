import GatewayKit
import NIOCore
import Synchronization

struct PonderousSettings: Settings {
    var at = Ponderous.Call.route
    static let fields: [SettingField<Self>] = [SettingField("at", \.at, "What takes long.")]
}

/// Takes 12 ms of its event loop for one of the calls that the core makes.
final class Ponderous: AcceptStage, HandshakeStage, AuthStage, RouteStage, DeliverStage, PubSubAdapter, EventHooks {
    enum Call: String, CaseIterable, Sendable, SettingValue {
        case accept, released, handshake, authenticate, route
        /// The verdict comes later, and the promise of it takes long.
        case promise
        case filter, deliver, publish, subscribe, unsubscribe, opened, authenticated, closed
    }

    static let name = "ponderous"
    static let summary = "Holds its event loop up."
    private let slow: Call
    private let sink = Mutex<(any EventSink)?>(nil)

    init(settings: PonderousSettings, context: ModuleContext) { slow = settings.at }

    private func take(_ call: Call) {
        guard call == slow else { return }
        let end = NIODeadline.now() + .milliseconds(12)
        while NIODeadline.now() < end {}
    }

    func accept(_ connection: Connection) -> Verdict<HTTPRefusal> {
        take(.accept)
        return .proceed
    }

    func released(_ connection: Connection) { take(.released) }

    func handshake(_ request: inout UpgradeRequest, _ connection: Connection) -> Verdict<HTTPRefusal> {
        take(.handshake)
        return .proceed
    }

    func authenticate(_ credentials: Credentials, _ connection: Connection) -> AuthVerdict {
        take(.authenticate)
        return .accepted(Principal(userID: "alice"))
    }

    func route(_ command: inout Command, _ connection: Connection) -> Verdict<Rejection> {
        take(.route)
        take(.promise)
        if command.action == .subscribe, command.pattern.hasWildcards { command.restrict(to: Filter(module: self)) }
        return slow == .promise ? .later(connection.eventLoop.makeSucceededFuture(.proceed)) : .proceed
    }

    func deliver(_ message: Delivery, to connection: Connection, backlog: Backlog) -> DeliverVerdict {
        take(.deliver)
        return .deliver
    }

    func attach(_ sink: any EventSink) { self.sink.withLock { $0 = sink } }

    func publish(_ event: Event, on eventLoop: any EventLoop) -> Verdict<Rejection> {
        take(.publish)
        return sink.withLock { $0 }?.deliver(event, on: eventLoop) ?? .proceed
    }

    func subscribe(_ pattern: TopicPattern, on eventLoop: any EventLoop) -> Verdict<Rejection> {
        take(.subscribe)
        return .proceed
    }

    func unsubscribe(_ pattern: TopicPattern, on eventLoop: any EventLoop) { take(.unsubscribe) }

    var health: AdapterHealth { .up }

    func opened(_ connection: Connection) { take(.opened) }
    func authenticated(_ connection: Connection) { take(.authenticated) }
    func closed(_ connection: Connection, _ end: ConnectionEnd) { take(.closed) }

    private struct Filter: TopicFilter {
        let module: Ponderous

        func admits(_ topic: Topic, _ connection: Connection) -> Bool {
            module.take(.filter)
            return true
        }
    }
}
