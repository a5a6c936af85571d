import GatewayKit
import NIOCore
import Synchronization

/// The modules that these tests put into pipelines.
let adminModules: [any Module.Type] = [
    ByName.self, Picky.self, Choosy.self, Loopback.self, Patient.self, PatientFrames.self, Hesitant.self, HesitantFrames.self,
]

/// Takes `user NAME` for a token of that user; anything else is `malformed`.
struct ByName: AuthStage {
    static let name = "by_name"
    static let summary = "Takes every user at their word."

    init(settings: NoSettings, context: ModuleContext) {}

    func authenticate(_ credentials: Credentials, _ connection: Connection) -> AuthVerdict {
        guard case .token(let token) = credentials, token.hasPrefix("user ") else { return .rejected(.malformed) }
        return .accepted(Principal(userID: String(token.dropFirst(5))))
    }
}

/// Refuses topics below `refused`, each with a reason of its own: a module that does not know what labels cost.
struct Picky: RouteStage {
    static let name = "picky"
    static let summary = "Refuses some topics."
    static let canObserve = true

    init(settings: NoSettings, context: ModuleContext) {}

    func route(_ command: inout Command, _ connection: Connection) -> Verdict<Rejection> {
        let topic = command.pattern.description
        guard topic.hasPrefix("refused.") else { return .proceed }
        return .refuse(Rejection(Reason(topic, code: 403), "Not this one"))
    }
}

/// Drops what is published to `dropped`, and sends the receivers of `slow` away.
struct Choosy: DeliverStage {
    static let name = "choosy"
    static let summary = "Drops some messages."

    init(settings: NoSettings, context: ModuleContext) {}

    func deliver(_ message: Delivery, to connection: Connection, backlog: Backlog) -> DeliverVerdict {
        switch message.topic.description {
        case "dropped": .drop
        case "slow": .disconnect
        default: .deliver
        }
    }
}

struct LoopbackSettings: Settings {
    var losesMessages = false
    var fault: String?
    var label: String?
    static let fields: [SettingField<Self>] = [
        SettingField("loses_messages", \.losesMessages, "Whether messages never come back."),
        SettingField("fault", \.fault, "What is wrong with it."),
        SettingField("label", \.label, "Under which name a test finds it."),
    ]
}

/// An adapter within the process that can be as bad as a test wants.
final class Loopback: PubSubAdapter {
    static let name = "loopback"
    static let summary = "Carries events within this process."

    /// What is wrong now with those that have a label.
    static let faults = Mutex<[String: String]>([:])

    private let settings: LoopbackSettings
    private let sink = Mutex<(any EventSink)?>(nil)

    init(settings: LoopbackSettings, context: ModuleContext) { self.settings = settings }

    func attach(_ sink: any EventSink) { self.sink.withLock { $0 = sink } }

    func publish(_ event: Event, on eventLoop: any EventLoop) -> Verdict<Rejection> {
        guard !settings.losesMessages, let sink = sink.withLock({ $0 }) else { return .proceed }
        return sink.deliver(event, on: eventLoop)
    }

    func subscribe(_ pattern: TopicPattern, on eventLoop: any EventLoop) -> Verdict<Rejection> { .proceed }
    func unsubscribe(_ pattern: TopicPattern, on eventLoop: any EventLoop) {}

    var health: AdapterHealth {
        let fault = settings.fault ?? settings.label.flatMap { label in Self.faults.withLock { $0[label] } }
        return fault.map { .down($0) } ?? .up
    }
}
