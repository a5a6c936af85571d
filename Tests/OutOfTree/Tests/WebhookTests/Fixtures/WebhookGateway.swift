import GatewayKit
import GatewayTestKit
import NIOCore
import Synchronization
import Webhook

/// A gateway around the module: every token is good, and messages stay within the process.
func webhookConfiguration(_ settings: String, loops: Int = 1, more: String = "") -> TestConfiguration {
    TestConfiguration(
        file: """
            version: 1
            server: {host: 127.0.0.1, port: 0, event_loops: \(loops), ping_interval: 12h, ping_timeout: 24h}
            limits: {max_strikes: 1000}
            pipeline: {auth: [login], route: [webhook], pubsub: loopback}
            modules:
              webhook: {\(settings)}
            \(more)
            """)
}

/// Runs `body` with a gateway and the back end that it asks, whose verdicts nobody waits for in vain but where a test moves the clock.
func withWebhook(
    _ settings: String = "", loops: Int = 1, _ reply: @escaping @Sendable (BackEndServer.Request) -> BackEndServer.Reply = { _ in .allow },
    _ body: (TestGateway, BackEndServer) async throws -> Void
) async throws {
    try await BackEndServer.with(reply) { server in
        let configuration = webhookConfiguration(deciding(server, settings), loops: loops)
        try await TestGateway.with(configuration, modules: webhookModules) { gateway in try await body(gateway, server) }
    }
}

/// The settings with which a back end is asked.
func deciding(_ server: BackEndServer, _ more: String = "") -> String {
    let patience = more.contains("timeout") ? "" : ", timeout: 30s, later_timeout: 60s"
    return "url: \(server.url("/decisions"))\(patience)\(more.isEmpty ? "" : ", ")\(more)"
}

let webhookModules: [any Module.Type] = [Webhook.self, Login.self, Loopback.self]

extension TestGateway {
    /// A client that has authenticated.
    func client(_ token: String = "alice") async throws -> TestClient {
        let client = try await connect()
        try await client.authenticate(token)
        return client
    }
}

/// Believes every token: a user's name, or claims in JSON with `sub`.
struct Login: AuthStage {
    static let name = "login"
    static let summary = "Believes everybody."

    init(settings: NoSettings, context: ModuleContext) {}

    func authenticate(_ credentials: Credentials, _ connection: Connection) -> AuthVerdict {
        guard case .token(let token) = credentials else { return .abstain }
        guard case .object(let claims)? = JSONValue(json: Array(token.utf8)) else { return .accepted(Principal(userID: token)) }
        return .accepted(Principal(userID: claims["sub"]?.string ?? "", claims: claims))
    }
}

/// Gives every event straight back.
final class Loopback: PubSubAdapter {
    static let name = "loopback"
    static let summary = "Keeps messages within the process."
    private let sink = Mutex<(any EventSink)?>(nil)

    init(settings: NoSettings, context: ModuleContext) {}

    func attach(_ sink: any EventSink) { self.sink.withLock { $0 = sink } }
    func publish(_ event: Event, on eventLoop: any EventLoop) -> Verdict<Rejection> {
        sink.withLock { $0 }?.deliver(event, on: eventLoop) ?? .proceed
    }
    func subscribe(_ pattern: TopicPattern, on eventLoop: any EventLoop) -> Verdict<Rejection> { .proceed }
    func unsubscribe(_ pattern: TopicPattern, on eventLoop: any EventLoop) {}
    var health: AdapterHealth { .up }
}
