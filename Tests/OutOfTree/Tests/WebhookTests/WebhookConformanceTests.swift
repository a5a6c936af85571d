import GatewayTestKit
import Testing
import Webhook

/// What every module has to do, with a back end that decides.
@Suite struct WebhookConformanceTests {
    @Test(arguments: ModuleConformance<Webhook>.checks)
    func `the module conforms`(check: ModuleConformance<Webhook>.Check) async throws {
        try await BackEndServer.with(Self.answer) { server in
            let urls = "url: \(server.url("/decisions")), events_url: \(server.url("/events"))"
            let settings = "\(urls), actions: [subscribe, publish, ingress], timeout: 30s, later_timeout: 60s, max_data: 1KiB"
            try await ModuleConformance(
                Webhook.self, settings: "{\(settings), claims: [roles]}", changed: "{\(settings), send_data: false, cache_ttl: 1h}"
            ).run(check)
        }
    }

    /// Answers in every way that decides, for the same topic always in the same one.
    @Sendable private static func answer(_ request: BackEndServer.Request) -> BackEndServer.Reply {
        guard request.path == "/decisions" else { return .status(204) }
        let length = request.json["topic"]?.string?.utf8.count ?? 0
        return switch length % 7 {
        case 0: .status(200, #"{"allow": false}"#)
        case 1: .status(200, #"{"allow": false, "reason": "not_paid", "message": "The account is not paid for"}"#)
        case 2: .status(204)
        case 3: .status(422, String(repeating: "x", count: 17 << 10))
        default: .allow
        }
    }
}
