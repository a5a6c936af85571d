import GatewayKit
import GatewayTestKit
import NIOCore
import Testing

/// What a module that only observes grants in part is granted whole.
struct ObservedFilterTests {
    @Test(arguments: [false, true]) func `a module that is observed restricts nothing, also where its verdict waits`(waits: Bool)
        async throws
    {
        try await TestGateway.with(Withholding.self, "{mode: observe, waits: \(waits)}") { gateway in
            let client = try await gateway.connect()
            try await client.authenticate("alice")
            try await client.subscribe("a.*")
            client.publish("a.b")
            try await client.expectMessage("a.b")
        }
    }
}

/// Grants no topic of any pattern.
struct Withholding: RouteStage {
    struct Settings: GatewayKit.Settings {
        var waits = false
        static let fields: [SettingField<Self>] = [SettingField("waits", \.waits, "Whether verdicts come later.")]
    }

    private struct Nothing: TopicFilter {
        func admits(_ topic: Topic, _ connection: Connection) -> Bool { false }
    }

    static let name = "withholding"
    static let summary = "Grants nothing."
    static let canObserve = true
    private let waits: Bool

    init(settings: Settings, context: ModuleContext) { waits = settings.waits }

    func route(_ command: inout Command, _ connection: Connection) -> Verdict<Rejection> {
        if command.action == .subscribe { command.restrict(to: Nothing()) }
        return waits ? .later(connection.eventLoop.makeSucceededFuture(.proceed)) : .proceed
    }
}
