import GatewayKit
import GatewayTestKit
import Testing

@testable import Webhook

/// Why a command was decided as it was: of a back end that was not asked nothing is said that it has not said.
@Suite struct ExplainingTests {
    /// What a simulation says of a subscription, and of what the back end answers to it.
    static let simulations: [(settings: String, reply: BackEndServer.Reply, verdict: JSON, why: String)] = [
        ("timeout: 30s", .allow, "proceed", "URL allows it"), ("timeout: 30s", .status(204), "proceed", "URL allows it"),
        ("timeout: 30s", .status(200, #"{"allow": false}"#), "refuse", "URL does not allow it"),
        ("timeout: 30s", .status(403), "refuse", "URL answered 403"), ("timeout: 30s", .status(404), "refuse", "URL answered 404"),
        ("timeout: 30s", .status(500), "failed", "the back end answered 500"),
        ("timeout: 30s, on_error: proceed", .status(500), "failed", "the back end answered 500"),
        ("topics: [news]", .allow, "proceed", "the back end is not asked about this topic"),
        ("actions: [publish]", .allow, "proceed", "the back end is not asked about this action"),
    ]

    @Test(arguments: simulations.indices) func `a simulation says what the back end has said, if anything`(index: Int) async throws {
        let (settings, reply, verdict, why) = Self.simulations[index]
        try await BackEndServer.with({ _ in reply }) { server in
            let url = server.url("/decisions")
            let client = SimulatedClient(settings: "{url: \(url), later_timeout: 60s, \(settings)}")
            let step = try await client.does("subscribe", "orders")
            #expect(step["verdict"] == verdict && step["why"]?.string == why.replacing("URL", with: url), "\(step)")
            #expect(server.asked.allSatisfy { $0["simulated"] == true })
        }
    }

    @Test func `a simulation says of a status that refuses where to look`() async throws {
        try await BackEndServer.with({ _ in .status(405) }) { server in
            let client = SimulatedClient(settings: "{url: \(server.url("/decisions")), timeout: 30s, later_timeout: 60s}")
            let step = try await client.does("publish", "orders")
            #expect(step["setting"] == "url" && step["settingPlace"]?.string?.contains("gateway.yaml:5") == true)
            #expect(step["help"] == "see whether decisions are posted to that URL, or ask whoever runs the back end")
        }
    }

    @Test func `a simulation says of data that nobody was asked about how much there may be`() async throws {
        try await BackEndServer.with { server in
            let client = SimulatedClient(settings: "{url: \(server.url("/decisions")), max_data: 10B}")
            let step = try await client.does("publish", "orders", "--data", #""123456789""#)
            #expect(step["reason"] == "message_too_big" && step["setting"] == "max_data")
            #expect(step["why"] == "11 bytes of data, of which the back end is told at most 10B")
            #expect(server.requests.isEmpty)
        }
    }

    private func withExplained(
        _ settings: String, _ reply: @escaping @Sendable (BackEndServer.Request) -> BackEndServer.Reply = { _ in .allow },
        _ body: (TestGateway, BackEndServer) async throws -> Void
    ) async throws {
        try await BackEndServer.with(reply) { server in
            try await TestGateway.with(ExplainedWebhook.self, deciding(server, settings), over: .memory) { try await body($0, server) }
        }
    }

    @Test func `what was allowed a short while ago was not asked about`() async throws {
        try await withExplained("cache_ttl: 10s") { gateway, server in
            let client = try await gateway.client()
            for _ in 1...2 { try await client.subscribe("orders") }
            let url = server.url("/decisions")
            #expect(gateway.explanations == ["\(url) allows it", "\(url) has allowed the same within the last 10s"])
        }
    }

    @Test func `what a reload asks about again was allowed before, and who unsubscribes needs no leave`() async throws {
        try await withExplained("max_in_flight: 1") { gateway, server in
            let client = try await gateway.client()
            try await client.subscribe("orders")
            try await gateway.reload(ExplainedWebhook.self, deciding(server, "max_in_flight: 2"))
            try await client.unsubscribe("orders")
            let url = server.url("/decisions")
            #expect(
                gateway.explanations == [
                    "\(url) allows it", "\(url) has allowed this subscription before", "nobody needs leave to unsubscribe",
                ])
            #expect(server.requests.count == 1)
        }
    }

    @Test func `one question too many was not asked, and the others are told as they are answered`() async throws {
        try await withExplained("max_in_flight: 1") { _ in
            .wait
        } _: { gateway, server in
            let (first, second) = (try await gateway.client(), try await gateway.client())
            first.publish("orders")
            try await eventually("it is asked") { server.waitingCount == 1 }
            second.publish("orders")
            try await second.expectError(503, "overloaded")
            server.answer(.status(200, #"{"allow": false, "reason": "overloaded"}"#))
            try await first.expectError(403, "overloaded")
            #expect(
                gateway.explanations == [
                    "as many questions are under way as there may be: 1", "\(server.url("/decisions")) does not allow it",
                ])
        }
    }

    @Test func `of what on_error decides the module says nothing, though the back end had answered before`() async throws {
        try await withExplained("on_error: proceed") { gateway, server in
            let client = try await gateway.client()
            try await client.subscribe("orders")
            server.reply { _ in .status(500) }
            for _ in 1...12 { try await client.publishAcknowledged("orders.a") }
            #expect(server.requests.count == 11)
            #expect(gateway.explanations == ["\(server.url("/decisions")) allows it"])
        }
    }

    @Test func `where nobody is asked at all it names the setting`() throws {
        let tester = ModuleTester()
        let client = tester.connect(userID: "alice")
        func explain(_ settings: String) throws -> StageExplanation? {
            let webhook = try tester.make(Webhook.self, settings)
            var command = Command(.publish, try TopicPattern("orders"))
            let verdict = webhook.route(&command, client.connection)
            return webhook.explain(.command(command, verdict), client.connection)
        }
        #expect(try explain("{events_url: http://h}")?.setting == "url")
        #expect(try explain("{url: http://h, actions: [subscribe]}")?.setting == "actions")
        #expect(try explain("{url: http://h, topics: [news]}")?.setting == "topics")
        #expect(try explain("{url: http://h}") == nil)
    }
}
