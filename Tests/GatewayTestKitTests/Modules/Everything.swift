import GatewayKit

/// Nothing wrong with it, in any stage.
final class Everything: AcceptStage, HandshakeStage, AuthStage, RouteStage, FrameStage, DeliverStage, HTTPModule {
    static let name = "everything"
    static let summary = "Stands in every stage and does nothing."

    struct Settings: GatewayKit.Settings {
        var name = ""
        var size = 5
        static let fields: [SettingField<Self>] = [
            SettingField("name", \.name, required: true, "A text."), SettingField("size", \.size, range: 1...10, "A number."),
        ]
    }

    init(settings: Settings, context: ModuleContext) {}

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
}

/// Nothing wrong with it, and nothing in it.
struct Nothing: RouteStage {
    static let name = "nothing"
    static let summary = "Does nothing at all."
    init(settings: NoSettings, context: ModuleContext) {}
    func route(_ command: inout Command, _ connection: Connection) -> Verdict<Rejection> { .proceed }
}
