import GatewayKit
import NIOCore
import NIOPosix

/// The modules that the tests put into pipelines.
let testModules: [any Module.Type] = [Waiting.self, WaitingFrames.self, Counting.self, Abstaining.self, Web.self]

struct GateSettings: Settings {
    var gate = ""
    var isElsewhere = false
    static let fields: [SettingField<Self>] = [
        SettingField("gate", \.gate, "The key of the test's gate."),
        SettingField("elsewhere", \.isElsewhere, "Whether the futures belong to another event loop than the connection's."),
    ]
}

/// Waits, in any stage, for the test: `.later` at its purest.
///
/// In the route stage only for topics that begin with `wait`. In the accept stage it counts whom it let in.
struct Waiting: AcceptStage, HandshakeStage, AuthStage, RouteStage {
    static let name = "waiting"
    static let summary = "Waits until a test lets it go on."
    static let canObserve = true
    let gate: Gate
    private let isElsewhere: Bool

    init(settings: GateSettings, context: ModuleContext) {
        gate = Gate.named(settings.gate)
        isElsewhere = settings.isElsewhere
    }

    private func wait(_ connection: Connection) -> EventLoopFuture<Void> {
        gate.wait(on: isElsewhere ? MultiThreadedEventLoopGroup.singleton.next() : connection.eventLoop)
    }

    func accept(_ connection: Connection) -> Verdict<HTTPRefusal> {
        .later(
            wait(connection).map { [gate] in
                gate.noteAccepted()
                return .proceed
            })
    }

    func released(_ connection: Connection) { gate.noteReleased() }

    func handshake(_ request: inout UpgradeRequest, _ connection: Connection) -> Verdict<HTTPRefusal> {
        .later(wait(connection).map { .proceed })
    }

    func authenticate(_ credentials: Credentials, _ connection: Connection) -> AuthVerdict {
        .later(wait(connection).map { .accepted(Principal(userID: "waited")) })
    }

    func route(_ command: inout Command, _ connection: Connection) -> Verdict<Rejection> {
        guard concerns(command, connection) else { return .proceed }
        return .later(wait(connection).map { .proceed })
    }

    func concerns(_ command: Command, _ connection: Connection) -> Bool { command.pattern.description.hasPrefix("wait") }
}

/// Counts what the accept stage is asked and given back.
struct Counting: AcceptStage {
    static let name = "counting"
    static let summary = "Counts accepted and released connections."
    let gate: Gate

    init(settings: GateSettings, context: ModuleContext) { gate = Gate.named(settings.gate) }

    func accept(_ connection: Connection) -> Verdict<HTTPRefusal> {
        gate.noteAccepted()
        return .proceed
    }

    func released(_ connection: Connection) { gate.noteReleased() }
}

/// Knows no kind of credentials.
struct Abstaining: AuthStage {
    static let name = "abstaining"
    static let summary = "Abstains."

    init(settings: NoSettings, context: ModuleContext) {}

    func authenticate(_ credentials: Credentials, _ connection: Connection) -> AuthVerdict { .abstain }
}
