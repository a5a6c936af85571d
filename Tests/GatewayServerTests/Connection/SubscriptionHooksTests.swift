import GatewayKit
import GatewayTestKit
import NIOCore
import Synchronization
import Testing

@testable import GatewayServer

/// What modules hear of subscriptions: that they stand, and once that they do not any more.
struct SubscriptionHooksTests {
    private let told = Told()

    private func withGateway(_ settings: String = "{}", loops: Int = 1, _ body: (TestGateway) async throws -> Void) async throws {
        try await Told.$current.withValue(told) {
            try await TestGateway.with(SubscriptionLimit.self, settings, eventLoops: loops, body: body)
        }
    }

    @Test(arguments: [1, 2]) func `a subscription is told once as it begins and once as it ends`(loops: Int) async throws {
        try await withGateway(loops: loops) { gateway in
            let client = try await gateway.connect()
            try await client.authenticate("alice")
            try await client.subscribe("a.b", "a.*", "a.b")
            try await client.unsubscribe("a.b")
            try await client.unsubscribe("a.b")
            try await client.close(1000)
            #expect(told.lines == ["+a.b alice", "+a.* alice", "-a.b alice", "-a.* alice", "closed alice"])
        }
    }

    @Test func `one that is refused is not told`() async throws {
        try await withGateway("{forbidden: secret}") { gateway in
            let client = try await gateway.connect()
            try await client.authenticate("alice")
            client.send(["type": "subscribe", "topic": "secret"])
            try await client.expectError(403, "forbidden")
            try await client.unsubscribe("secret")
            #expect(told.lines == [])
        }
    }

    @Test func `one that new rules end is told`() async throws {
        try await withGateway { gateway in
            let client = try await gateway.connect()
            try await client.authenticate("alice")
            try await client.subscribe("secret", "a")
            try await gateway.reload(SubscriptionLimit.self, "{forbidden: secret}")
            try await client.expect("unsubscribed")
            try await eventually("it is told") { told.lines.count == 3 }
            #expect(told.lines == ["+secret alice", "+a alice", "-secret alice"])
        }
    }

    @Test func `a limit that counts by what it is told lets in exactly as many, in one read too`() async throws {
        try await withGateway("{most: 2}") { gateway in
            let (client, other) = (try await gateway.connect(), try await gateway.connect())
            for client in [client, other] { try await client.authenticate("alice") }
            try await other.subscribe("x")
            let frames = [("subscribe", "a"), ("subscribe", "b"), ("unsubscribe", "a"), ("subscribe", "c"), ("subscribe", "d")]
            client.send(.array(frames.map { ["type": .string($0), "topic": .string($1)] }))
            try await client.expect("subscribed")
            try await client.expectError(403, "too_many")
            try await client.expect("unsubscribed")
            try await client.expect("subscribed")
            try await client.expectError(403, "too_many")
            await other.drop()
            try await eventually("the other one's place is free") { told.lines.contains("closed alice") }
            try await client.subscribe("e")
        }
    }

    @Test func `a module that a reload takes out and another one brings back begins anew`() async throws {
        func configuration(_ route: String) -> TestConfiguration {
            TestConfiguration(
                file: """
                    version: 1
                    server: {host: 127.0.0.1, port: 0, event_loops: 1, ping_interval: 12h, ping_timeout: 24h}
                    pipeline: {auth: [believer], route: [\(route)], pubsub: none}
                    modules: {subscription_limit: {most: 1}}
                    """)
        }
        let modules: [any Module.Type] = [SubscriptionLimit.self, Believer.self, NoAdapter.self]
        try await TestGateway.with(configuration("subscription_limit"), modules: modules) { gateway in
            let client = try await gateway.connect()
            try await client.authenticate("alice")
            try await client.subscribe("a")
            try await gateway.reload(configuration(""))
            try await client.unsubscribe("a")
            try await gateway.reload(configuration("subscription_limit"))
            try await client.subscribe("b")
        }
    }

    @Test func `nothing is told before the adapter has it, nor where the adapter has it not`() throws {
        let generation = try Told.$current.withValue(told) { try Generation.made(of: SubscriptionLimit.self, TestBroker.self) }
        let broker = try #require(generation.adapter as? TestBroker)
        let tester = try SessionTester(generation)
        broker.isWaiting = true
        try tester.receive(#"{"type":"subscribe","topic":"a"}"#)
        #expect(told.lines == [])
        broker.answers[0].succeed(.refuse(Rejection(.brokerUnavailable, "Not now")))
        tester.run()
        try tester.receive(#"{"type":"subscribe","topic":"a"}"#)
        #expect(told.lines == [])
        broker.answers[1].succeed(.proceed)
        tester.run()
        #expect(told.lines == ["+a nobody"])
    }
}

/// Lets each user have so many subscriptions, over all connections.
struct SubscriptionLimit: RouteStage, EventHooks {
    struct Settings: GatewayKit.Settings {
        var most = 100
        var forbidden: String?
        static let fields: [SettingField<Self>] = [
            SettingField("most", \.most, range: 1...1_000_000, "How many subscriptions a user may have."),
            SettingField("forbidden", \.forbidden, "A topic that nobody may have."),
        ]
    }

    final class Counts: Sendable {
        private let counts = Mutex<[String: Int]>([:])
        func add(_ difference: Int, _ user: String) {
            counts.withLock { counts in
                let count = counts[user, default: 0] + difference
                counts[user] = count > 0 ? count : nil
            }
        }
        subscript(user: String) -> Int { counts.withLock { $0[user, default: 0] } }
    }

    static let name = "subscription_limit"
    static let summary = "Limits how many subscriptions a user has."
    private let settings: Settings
    private let counts: Counts
    private let told = Told.current

    init(settings: Settings, context: ModuleContext) {
        self.settings = settings
        counts = context.state("counts") { Counts() }
    }

    func route(_ command: inout Command, _ connection: Connection) -> Verdict<Rejection> {
        guard command.action == .subscribe else { return .proceed }
        guard command.pattern.description != settings.forbidden else { return .refuse(Rejection(.forbidden, "Nobody may have this")) }
        guard !command.isReevaluation, counts[user(connection)] >= settings.most else { return .proceed }
        return .refuse(Rejection(Reason("too_many", code: 403), "At most \(settings.most) subscriptions are allowed"))
    }

    func subscribed(_ pattern: TopicPattern, _ connection: Connection) {
        counts.add(1, user(connection))
        told.add("+\(pattern) \(user(connection))")
    }

    func unsubscribed(_ pattern: TopicPattern, _ connection: Connection) {
        counts.add(-1, user(connection))
        told.add("-\(pattern) \(user(connection))")
    }

    func opened(_ connection: Connection) {}
    func closed(_ connection: Connection, _ end: ConnectionEnd) { told.add("closed \(user(connection))") }

    private func user(_ connection: Connection) -> String { connection.principal?.userID ?? "nobody" }
}
