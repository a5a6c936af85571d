import GatewayKit
import Logging
import NIOCore
import Synchronization

/// Refuses with a reason that is a sentence.
struct Wordy: AcceptStage {
    static let name = "wordy"
    static let summary = "Refuses with a reason that is a sentence."
    init(settings: NoSettings, context: ModuleContext) {}
    func accept(_ connection: Connection) -> Verdict<HTTPRefusal> {
        .refuse(HTTPRefusal(status: 403, Reason("Not welcome here", code: 403), "You are not welcome here"))
    }
}

/// Speaks a protocol that nobody asked for.
struct Polyglot: HandshakeStage {
    static let name = "polyglot"
    static let summary = "Speaks a protocol that nobody asked for."
    init(settings: NoSettings, context: ModuleContext) {}
    func handshake(_ request: inout UpgradeRequest, _ connection: Connection) -> Verdict<HTTPRefusal> {
        request.acceptedSubprotocol = "volapük"
        return .proceed
    }
}

/// Lets everybody in under no name.
struct Nameless: AuthStage {
    static let name = "nameless"
    static let summary = "Lets everybody in under no name."
    init(settings: NoSettings, context: ModuleContext) {}
    func authenticate(_ credentials: Credentials, _ connection: Connection) -> AuthVerdict { .accepted(Principal(userID: "")) }
}

/// Tells the log every token.
struct Gossip: AuthStage {
    static let name = "gossip"
    static let summary = "Tells the log every token."
    private let context: ModuleContext
    init(settings: NoSettings, context: ModuleContext) { self.context = context }
    func authenticate(_ credentials: Credentials, _ connection: Connection) -> AuthVerdict {
        context.logger.debug("somebody came", metadata: ["credentials": "\(credentials)"])
        return .rejected(.malformed)
    }
}

/// Explains a refusal by the token that it has refused.
struct Betrayer: AuthStage, ExplainingStage {
    static let name = "betrayer"
    static let summary = "Explains a refusal by the token."
    init(settings: NoSettings, context: ModuleContext) {}
    func authenticate(_ credentials: Credentials, _ connection: Connection) -> AuthVerdict { .rejected(.malformed) }
    func explain(_ decision: StageDecision, _ connection: Connection) -> StageExplanation? { StageExplanation("\(decision)") }
}

/// Knows nobody.
struct Stranger: AuthStage {
    static let name = "stranger"
    static let summary = "Takes no token at all."
    init(settings: NoSettings, context: ModuleContext) {}
    func authenticate(_ credentials: Credentials, _ connection: Connection) -> AuthVerdict { .rejected(.invalidSignature) }
}

/// Says that it is going to answer.
final class Silent: RouteStage {
    static let name = "silent"
    static let summary = "Never gives the verdict that it promises."
    private let promises = Mutex<[EventLoopPromise<Verdict<Rejection>>]>([])

    init(settings: NoSettings, context: ModuleContext) {}

    func route(_ command: inout Command, _ connection: Connection) -> Verdict<Rejection> {
        let promise = connection.eventLoop.makePromise(of: Verdict<Rejection>.self)
        promises.withLock { $0.append(promise) }
        return .later(promise.futureResult)
    }

    func stop() async {
        for promise in promises.withLock({ $0 }) { promise.succeed(.proceed) }
    }
}

/// Fails in place of a verdict.
struct Clumsy: RouteStage {
    static let name = "clumsy"
    static let summary = "Fails in place of a verdict."
    struct Dropped: Error {}
    init(settings: NoSettings, context: ModuleContext) {}
    func route(_ command: inout Command, _ connection: Connection) -> Verdict<Rejection> {
        .later(connection.eventLoop.makeFailedFuture(Dropped()))
    }
}

/// Refuses and says nothing.
struct Curt: RouteStage {
    static let name = "curt"
    static let summary = "Refuses and says nothing."
    init(settings: NoSettings, context: ModuleContext) {}
    func route(_ command: inout Command, _ connection: Connection) -> Verdict<Rejection> { .refuse(Rejection(.forbidden, "")) }
}

/// Quotes the message that it refuses.
struct Parrot: RouteStage {
    static let name = "parrot"
    static let summary = "Quotes the message that it refuses."
    init(settings: NoSettings, context: ModuleContext) {}
    func route(_ command: inout Command, _ connection: Connection) -> Verdict<Rejection> {
        let data = command.message.map { String(buffer: $0.data).prefix(100) } ?? ""
        return .refuse(Rejection(.forbidden, "Nobody may say this: \(data)"))
    }
}

/// Makes of JSON what is none.
struct Vandal: RouteStage {
    static let name = "vandal"
    static let summary = "Makes of JSON what is none."
    init(settings: NoSettings, context: ModuleContext) {}
    func route(_ command: inout Command, _ connection: Connection) -> Verdict<Rejection> {
        command.message?.data = ByteBuffer(string: "{")
        return .proceed
    }
}

/// Sends bytes as if they were text.
struct Noisy: FrameStage {
    static let name = "noisy"
    static let summary = "Sends bytes as if they were text."
    init(settings: NoSettings, context: ModuleContext) {}
    func frame(_ message: FrameMessage, _ connection: Connection) -> FrameVerdict {
        connection.send(message.payload, opcode: .text)
        return .handled
    }
}

/// Throws what it finds in the way, and answers as it said nowhere.
struct Unruly: HTTPModule {
    static let name = "unruly"
    static let summary = "Throws what nobody expects."
    struct Surprise: Error {}

    struct Settings: GatewayKit.Settings {
        var status = 0
        static let fields: [SettingField<Self>] = [SettingField("status", \.status, "What it answers; 0 = it throws.")]
    }
    private let status: Int

    init(settings: Settings, context: ModuleContext) { status = settings.status }

    var routes: [HTTPRoute] {
        let operation = HTTPOperation("readNothing", "Nothing.", answers: [.init(204, "Nothing.")])
        return [
            HTTPRoute(.get, "/unruly", operation) { [status] _ in
                guard status > 0 else { throw Surprise() }
                return HTTPResponse(status: status)
            }
        ]
    }
}

/// Counts connections, and gives back what a test says for each that is released.
final class Miscounting: AcceptStage {
    static let name = "miscounting"
    static let summary = "Gives back another number than it took."

    struct Settings: GatewayKit.Settings {
        var released = 1
        var forgets = false
        static let fields: [SettingField<Self>] = [
            SettingField("released", \.released, "How many are given back for each."),
            SettingField("forgets", \.forgets, "Whether each generation gives back to itself what another one has counted."),
        ]
    }

    private final class Count: Sendable {
        let connections = Atomic(0)
        let generations = Atomic(0)
    }
    private let count: Count
    private let settings: Settings
    private let generation: Int

    init(settings: Settings, context: ModuleContext) {
        self.settings = settings
        count = context.state("count") { Count() }
        generation = count.generations.wrappingAdd(1, ordering: .relaxed).newValue
    }

    func accept(_ connection: Connection) -> Verdict<HTTPRefusal> {
        guard count.connections.wrappingAdd(1, ordering: .relaxed).newValue > 10 else { return .proceed }
        count.connections.wrappingSubtract(1, ordering: .relaxed)
        return .refuse(HTTPRefusal(status: 429, .rateLimited, "Too many connections"))
    }

    func released(_ connection: Connection) {
        if settings.forgets, count.generations.load(ordering: .relaxed) > generation { return }
        count.connections.wrappingSubtract(settings.released, ordering: .relaxed)
    }
}
