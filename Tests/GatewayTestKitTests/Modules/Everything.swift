import GatewayKit
import NIOCore

/// Nothing wrong with it, in any stage.
final class Everything: AcceptStage, HandshakeStage, AuthStage, RouteStage, FrameStage, DeliverStage, HTTPModule, AdminModule, EventHooks {
    static let name = "everything"
    static let summary = "Stands in every stage and does nothing."
    private let adminPath: HTTPPath

    struct Settings: GatewayKit.Settings {
        var name = ""
        var size = 5
        static let fields: [SettingField<Self>] = [
            SettingField("name", \.name, required: true, "A text."), SettingField("size", \.size, range: 1...10, "A number."),
        ]
    }

    init(settings: Settings, context: ModuleContext) { adminPath = context.adminPath() }

    var adminRoutes: [HTTPRoute] {
        let operation = HTTPOperation("tellNothing", "Nothing.", answers: [.init(204, "Nothing.")])
        return [HTTPRoute(.get, adminPath, operation) { _ in HTTPResponse(status: 204) }]
    }

    var routes: [HTTPRoute] {
        let operation = HTTPOperation("readNothing", "Nothing.", answers: [.init(204, "Nothing.")])
        return [HTTPRoute(.get, "/nothing/<name>", operation) { _ in HTTPResponse(status: 204) }]
    }

    func accept(_ connection: Connection) -> Verdict<HTTPRefusal> { .proceed }
    func handshake(_ request: inout UpgradeRequest, _ connection: Connection) -> Verdict<HTTPRefusal> { .proceed }
    func authenticate(_ credentials: Credentials, _ connection: Connection) -> AuthVerdict {
        if case .token("good") = credentials { .accepted(Principal(userID: "good")) } else { .abstain }
    }
    func route(_ command: inout Command, _ connection: Connection) -> Verdict<Rejection> { .proceed }
    func frame(_ message: FrameMessage, _ connection: Connection) -> FrameVerdict { .proceed }
    func deliver(_ message: Delivery, to connection: Connection, backlog: Backlog) -> DeliverVerdict { .deliver }
    func opened(_ connection: Connection) {}
    func closed(_ connection: Connection, _ end: ConnectionEnd) {}
}

/// Nothing wrong with it, and nothing in it.
struct Nothing: RouteStage {
    static let name = "nothing"
    static let summary = "Does nothing at all."
    init(settings: NoSettings, context: ModuleContext) {}
    func route(_ command: inout Command, _ connection: Connection) -> Verdict<Rejection> { .proceed }
}

/// Asks somebody who takes his time, and fails where it may not wait so long.
struct Impatient: RouteStage {
    static let name = "impatient"
    static let summary = "Asks somebody who takes his time."
    struct TooLate: Error {}

    struct Settings: GatewayKit.Settings {
        var timeout = Duration.seconds(1)
        static let fields: [SettingField<Self>] = [
            SettingField("timeout", \.timeout, range: .milliseconds(1)...(.seconds(9)), "How long it waits.")
        ]
    }
    private let isTooLate: Bool

    init(settings: Settings, context: ModuleContext) { isTooLate = settings.timeout < .milliseconds(100) }

    func route(_ command: inout Command, _ connection: Connection) -> Verdict<Rejection> {
        .later(isTooLate ? connection.eventLoop.makeFailedFuture(TooLate()) : connection.eventLoop.makeSucceededFuture(.proceed))
    }
}
