import GatewayKit
import NIOCore
import Synchronization

struct DoorSettings: Settings {
    var door = ""
    static let fields: [SettingField<Self>] = [SettingField("door", \.door, "The key of the test's door.")]
}

/// Waits in any stage that can, while the test's door is shut.
struct Patient: AcceptStage, HandshakeStage, AuthStage, RouteStage, DeliverStage {
    static let name = "patient"
    static let summary = "Waits at a door."
    private let door: Door

    init(settings: DoorSettings, context: ModuleContext) { door = Door.named(settings.door) }

    func accept(_ connection: Connection) -> Verdict<HTTPRefusal> { door.pass(connection).map { .later($0.map { .proceed }) } ?? .proceed }

    func released(_ connection: Connection) {}

    func handshake(_ request: inout UpgradeRequest, _ connection: Connection) -> Verdict<HTTPRefusal> {
        door.pass(connection).map { .later($0.map { .proceed }) } ?? .proceed
    }

    func authenticate(_ credentials: Credentials, _ connection: Connection) -> AuthVerdict {
        let verdict = AuthVerdict.accepted(Principal(userID: "alice"))
        return door.pass(connection).map { .later($0.map { verdict }) } ?? verdict
    }

    func route(_ command: inout Command, _ connection: Connection) -> Verdict<Rejection> {
        door.pass(connection).map { .later($0.map { .proceed }) } ?? .proceed
    }

    func deliver(_ message: Delivery, to connection: Connection, backlog: Backlog) -> DeliverVerdict { .deliver }
}

/// The same for whole messages.
struct PatientFrames: FrameStage {
    static let name = "patient_frames"
    static let summary = "Holds messages at a door."
    private let door: Door

    init(settings: DoorSettings, context: ModuleContext) { door = Door.named(settings.door) }

    func frame(_ message: FrameMessage, _ connection: Connection) -> FrameVerdict {
        door.pass(connection).map { .later($0.map { .proceed }) } ?? .proceed
    }
}

/// Lets every command wait for the next turn.
struct Hesitant: RouteStage {
    static let name = "hesitant"
    static let summary = "Lets commands wait."

    init(settings: NoSettings, context: ModuleContext) {}

    func route(_ command: inout Command, _ connection: Connection) -> Verdict<Rejection> {
        .later(connection.eventLoop.submit { .proceed })
    }
}

/// The same for whole messages.
struct HesitantFrames: FrameStage {
    static let name = "hesitant_frames"
    static let summary = "Lets messages wait."

    init(settings: NoSettings, context: ModuleContext) {}

    func frame(_ message: FrameMessage, _ connection: Connection) -> FrameVerdict { .later(connection.eventLoop.submit { .proceed }) }
}

/// Open, until a test shuts it.
final class Door: Sendable {
    private static let doors = Mutex<[String: Door]>([:])
    private let state = Mutex((isShut: false, waiting: [EventLoopPromise<Void>]()))

    static func named(_ key: String) -> Door {
        doors.withLock { doors in
            let door = doors[key] ?? Door()
            doors[key] = door
            return door
        }
    }

    var waiting: Int { state.withLock { $0.waiting.count } }

    func shut() { state.withLock { $0.isShut = true } }

    func open() {
        let waiting = state.withLock { state in
            defer { state = (false, []) }
            return state.waiting
        }
        for promise in waiting { promise.succeed() }
    }

    /// Nil where nobody has to wait.
    fileprivate func pass(_ connection: Connection) -> EventLoopFuture<Void>? {
        state.withLock { state in
            guard state.isShut else { return nil }
            let promise = connection.eventLoop.makePromise(of: Void.self)
            state.waiting.append(promise)
            return promise.futureResult
        }
    }
}
