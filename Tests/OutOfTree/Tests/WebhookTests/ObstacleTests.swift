import GatewayKit
import GatewayTestKit
import Testing

@testable import Webhook

/// What `check --live` and `doctor` find out about the back end.
@Suite struct ObstacleTests {
    @Test func `a check of the machine knocks at both URLs`() async throws {
        try await BackEndServer.with({ _ in .status(405) }) { server in
            let url = server.url("/decisions")
            let settings = try SettingsTester.settings(WebhookSettings.self, "{url: \(url), events_url: \(server.url("/events?key=x"))}")
            #expect(await Webhook.obstacles(to: settings).isEmpty)
            #expect(server.requests.map(\.method) == ["HEAD", "HEAD"])
            await server.stop()
            let obstacles = await Webhook.obstacles(to: settings)
            #expect(obstacles.map(\.setting) == ["url", "events_url"])
            #expect(obstacles.allSatisfy { $0.code == .unreachable })
            #expect(obstacles.first?.message == "\(url): the back end cannot be asked: Connection refused")
            #expect(obstacles.last?.message.contains("key=x") == false)
        }
    }

    @Test func `both are waited for at once`() async throws {
        try await BackEndServer.with({ _ in .wait }) { server in
            let urls = "url: \(server.url("/decisions")), events_url: \(server.url("/events"))"
            let settings = try SettingsTester.settings(WebhookSettings.self, "{\(urls), timeout: 30s}")
            async let obstacles = Webhook.obstacles(to: settings, within: .seconds(30))
            try await eventually("both are knocked at") { server.waitingCount == 2 }
            server.answer(.status(405))
            #expect(await obstacles.isEmpty)
        }
    }

    @Test(arguments: [(timeout: "30s", told: "20ms"), (timeout: "10ms", told: "10ms")])
    func `neither is waited for as long as a question may take`(timeout: String, told: String) async throws {
        try await BackEndServer.with({ _ in .wait }) { server in
            let urls = "url: \(server.url("/decisions")), events_url: \(server.url("/events"))"
            let settings = try SettingsTester.settings(WebhookSettings.self, "{\(urls), timeout: \(timeout)}")
            let obstacles = await Webhook.obstacles(to: settings, within: .milliseconds(20))
            #expect(obstacles.map(\.setting) == ["url", "events_url"])
            #expect(obstacles.allSatisfy { $0.message.hasSuffix("the back end did not answer within \(told)") })
        }
    }
}
