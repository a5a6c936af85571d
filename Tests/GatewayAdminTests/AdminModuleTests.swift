import GatewayKit
import GatewayServer
import GatewayTestKit
import NIOCore
import Synchronization
import Testing

/// What modules answer operators.
struct AdminModuleTests {
    private static func file(_ route: String) -> TestConfiguration {
        let text = """
            version: 1
            server: {host: 127.0.0.1, port: 0, event_loops: 1}
            auth: {required: false}
            pipeline: {auth: [], route: [\(route)], pubsub: loopback}
            """
        return TestConfiguration(file: text)
    }

    private func withOperator(_ route: String, _ body: (TestGateway, TestClient) async throws -> Void) async throws {
        try await TestGateway.with(Self.file(route), modules: adminModules + [Tunable.self, Grabbing.self]) { gateway in
            let port = try await gateway.gateway.listen(on: .port(host: "127.0.0.1", 0), routes: []) { _ in nil }
            try await body(gateway, try await TestClient.open(port: port))
        }
    }

    @Test func `a module answers on the admin listener, and not on the port of clients`() async throws {
        try await withOperator("tunable") { gateway, caller in
            try await caller.expect("GET /admin/v1/tunable", answers: "off")
            try await caller.expect("POST /admin/v1/tunable/on", answers: "on")
            try await caller.expect("GET /admin/v1/tunable", answers: "on")
            let outside = try await gateway.open().ask("GET /admin/v1/tunable")
            #expect(outside.status == 404)
        }
    }

    @Test func `after a reload the module of the new generation answers`() async throws {
        try await withOperator("tunable") { gateway, caller in
            _ = try await caller.ask("POST /admin/v1/tunable/on")
            try await gateway.reload(Self.file("tunable"))
            try await caller.expect("GET /admin/v1/tunable", answers: "off")
            try await gateway.reload(Self.file(""))
            let answer = try await caller.ask("GET /admin/v1/tunable")
            #expect(answer.status == 404)
        }
    }

    @Test func `a path that is not the module's own is an error of the start`() async throws {
        let log = await #expect(throws: ConfigurationFailure.self) { try await withOperator("grabbing") { _, _ in } }
        #expect(log?.description.contains("/admin/v1/connections, which does not begin with /admin/v1/grabbing") == true)
    }
}

extension TestClient {
    /// The answer to a request without a body, on a connection that stays.
    fileprivate func ask(_ line: String) async throws -> TestResponse {
        sendRaw("\(line) HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n")
        return try await response()
    }

    fileprivate func expect(_ line: String, answers body: String) async throws {
        let answer = try await ask(line)
        #expect(answer.body == body)
    }
}

/// Can be turned on by an operator.
private struct Tunable: RouteStage, AdminModule {
    static let name = "tunable"
    static let summary = "Can be turned on."
    private let isOn = OnOff()

    init(settings: NoSettings, context: ModuleContext) {}

    func route(_ command: inout Command, _ connection: Connection) -> Verdict<Rejection> { .proceed }

    var adminRoutes: [HTTPRoute] {
        [
            HTTPRoute(.get, "/admin/v1/tunable", HTTPOperation("getTunable", "Tells.", answers: [])) { [isOn] _ in
                .text(200, isOn.isOn ? "on" : "off")
            },
            HTTPRoute(.post, "/admin/v1/tunable/on", HTTPOperation("turnOn", "Turns it on.", answers: [])) { [isOn] _ in
                isOn.turnOn()
                return .text(200, "on")
            },
        ]
    }
}

/// Wants a path of the core's.
private struct Grabbing: RouteStage, AdminModule {
    static let name = "grabbing"
    static let summary = "Wants what is not its own."

    init(settings: NoSettings, context: ModuleContext) {}

    func route(_ command: inout Command, _ connection: Connection) -> Verdict<Rejection> { .proceed }

    var adminRoutes: [HTTPRoute] {
        [HTTPRoute(.get, "/admin/v1/connections", HTTPOperation("grab", "Grabs.", answers: [])) { _ in .text(200, "") }]
    }
}

private final class OnOff: Sendable {
    private let state = Mutex(false)
    var isOn: Bool { state.withLock { $0 } }
    func turnOn() { state.withLock { $0 = true } }
}
