import GatewayKit
import GatewayTestKit
import NIOCore
import NIOPosix
import Testing

@testable import GatewayServer

/// Who looks after the event loops from outside.
@Suite struct WatchdogTests {
    private let log = RecordedLog()
    private let watches = [LoopWatch(), LoopWatch()]
    private let start = NIODeadline.now()
    private var watchdog: Watchdog { Watchdog(watches, log.logger()) }

    private var lines: [String] {
        log.lines.map { "\($0.message) \($0.fields["loop"] ?? "") \($0.fields["stage"] ?? "") \($0.fields["module"] ?? "")" }
    }

    @Test func `a loop that does not come round is told of once, with the module that it has called, and once when it is back`() {
        let watchdog = watchdog
        for watch in watches { watch.tick(start) }
        watchdog.look(start + .milliseconds(4999))
        #expect(lines == [])
        let outer = watches[1].begin(DutyName(.route, "stuck"))
        watches[0].tick(start + .seconds(5))
        for second in 5...60 {
            watchdog.look(start + .milliseconds(Int64(second) * 1000)); watches[0].tick(start + .seconds(Int64(second)))
        }
        let away = "an event loop does not come round, and all connections there wait 1 route stuck"
        #expect(lines == [away])
        watches[1].end(outer)
        watches[1].tick(start + .seconds(61))
        watchdog.look(start + .seconds(62))
        #expect(lines == [away, "the event loop goes on 1  "])
        #expect(log.lines.map { $0.fields["milliseconds"] } == ["5000", "61000"])
    }

    @Test func `one that has not begun, or has ended, is not missed`() {
        watches[0].tick(start)
        watches[0].stop()
        watchdog.look(start + .seconds(60))
        #expect(lines == [])
    }

    @Test func `a module that another one has called is the one that is named, and then the other one again`() {
        let watch = watches[0]
        let outer = watch.begin(DutyName(hooksOf: "outer"))
        let inner = watch.begin(DutyName(.pubsub, "inner"))
        #expect(watch.module == DutyName(.pubsub, "inner"))
        watch.end(inner)
        #expect(watch.module == DutyName(hooksOf: "outer"))
        watch.end(outer)
        #expect(watch.module == nil)
    }

    @Test(arguments: Hanging.Call.allCases)
    func `while a module is called, whoever looks sees its name, and nobody's afterwards`(call: Hanging.Call) async throws {
        let seen = Told()
        try await Told.$current.withValue(seen) {
            try await TestGateway.with(Hanging.self, "{at: \(call.rawValue)}") { gateway in
                let watch = gateway.gateway.core.watches[0]
                try await Hanging.$watch.withValue(watch) {
                    try await gateway.reload(Hanging.self, "{at: \(call.rawValue)}")
                }
                let client = try await gateway.connect()
                try await client.authenticate("alice")
                try await client.subscribe("a.*")
                client.publish("a.b")
                try await client.expectMessage("a.b")
                try await client.close(1000)
                try await eventually("it was called") { seen.lines.isEmpty == false }
                #expect(watch.module == nil)
            }
        }
        #expect(Set(seen.lines) == ["\(call.stage) hanging"])
    }
}

/// Looks itself while it is called, as the watchdog would if the call never returned.
struct Hanging: AcceptStage, HandshakeStage, AuthStage, RouteStage, FrameStage, DeliverStage, EventHooks {
    enum Call: String, CaseIterable, Sendable, SettingValue {
        case accept, handshake, authenticate, route, frame, deliver, filter, opened

        var stage: String {
            switch self {
            case .accept, .handshake, .route, .deliver: rawValue
            case .authenticate: "auth"
            case .frame, .filter: "route"
            case .opened: "hooks"
            }
        }
    }
    struct Settings: GatewayKit.Settings {
        var at = Call.route
        static let fields: [SettingField<Self>] = [SettingField("at", \.at, "When to look.")]
    }

    @TaskLocal static var watch: LoopWatch?
    static let name = "hanging"
    static let summary = "Looks at itself."
    private let at: Call
    private let seen = Told.current
    private let watch = Hanging.watch

    init(settings: Settings, context: ModuleContext) { at = settings.at }

    private func look(_ call: Call) {
        guard call == at, let watch else { return }
        seen.add(watch.module.map { "\($0.stage) \($0.instance)" } ?? "nobody")
    }

    func accept(_ connection: Connection) -> Verdict<HTTPRefusal> {
        look(.accept)
        return .proceed
    }
    func released(_ connection: Connection) { look(.accept) }
    func handshake(_ request: inout UpgradeRequest, _ connection: Connection) -> Verdict<HTTPRefusal> {
        look(.handshake)
        return .proceed
    }
    func authenticate(_ credentials: Credentials, _ connection: Connection) -> AuthVerdict {
        look(.authenticate)
        return .accepted(Principal(userID: "alice"))
    }
    func route(_ command: inout Command, _ connection: Connection) -> Verdict<Rejection> {
        look(.route)
        if command.pattern.hasWildcards { command.restrict(to: Filter(module: self)) }
        return .proceed
    }
    func frame(_ message: FrameMessage, _ connection: Connection) -> FrameVerdict {
        look(.frame)
        return .proceed
    }
    func deliver(_ message: Delivery, to connection: Connection, backlog: Backlog) -> DeliverVerdict {
        look(.deliver)
        return .deliver
    }
    func opened(_ connection: Connection) { look(.opened) }
    func closed(_ connection: Connection, _ end: ConnectionEnd) { look(.opened) }

    private struct Filter: TopicFilter {
        let module: Hanging
        func admits(_ topic: Topic, _ connection: Connection) -> Bool {
            module.look(.filter)
            return true
        }
    }
}
