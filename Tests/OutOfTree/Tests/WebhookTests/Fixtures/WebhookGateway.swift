import GatewayTestKit
import Webhook

/// Runs `body` with a gateway and the back end that it asks, whose verdicts nobody waits for in vain but where a test moves the clock.
func withWebhook(
    _ settings: String = "", loops: Int = 1, _ reply: @escaping @Sendable (BackEndServer.Request) -> BackEndServer.Reply = { _ in .allow },
    _ body: (TestGateway, BackEndServer) async throws -> Void
) async throws {
    try await BackEndServer.with(reply) { server in
        try await TestGateway.with(Webhook.self, deciding(server, settings), over: .memory, eventLoops: loops) { gateway in
            try await body(gateway, server)
        }
    }
}

/// The settings with which a back end is asked.
func deciding(_ server: BackEndServer, _ more: String = "") -> String {
    let patience = more.contains("timeout") ? "" : ", timeout: 30s, later_timeout: 60s"
    return "{url: \(server.url("/decisions"))\(patience)\(more.isEmpty ? "" : ", ")\(more)}"
}

extension TestGateway {
    /// A client that has authenticated.
    func client(_ token: String = "alice") async throws -> TestClient {
        let client = try await connect()
        try await client.authenticate(token)
        return client
    }
}
