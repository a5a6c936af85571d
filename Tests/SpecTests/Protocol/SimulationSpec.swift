import Foundation
import GatewayConfiguration
import GatewayKit
import GatewayMain
import GatewayPlugins
import GatewayServer
import GatewayTestKit
import Logging
import Testing

/// `gateway simulate` says what a socket gets.
struct SimulationSpec {
    /// What a client does, and in which configuration.
    struct Case: Sendable {
        var action = SimulatedRequest.Action.subscribe
        var topic = "messages.channel.general"
        var settings = ""
        var user: String? = "alice"
        var claims: [String: JSON] = [:]
        var secret = TestConfiguration.secret
        var headers: [(String, String)] = []
        var data = "{}"
    }

    private static let rules = """
        modules:
          authorization:
            rules:
              - {deny: [publish], topics: ["messages.channel.announcements"], unless: {roles: admin}}
              - {allow: [subscribe, publish], topics: ["messages.channel.*"]}
              - {allow: [subscribe], topics: ["messages.user.<userId>"]}
              - {allow: [subscribe], topics: [messages], when: {roles: admin}}
        """

    static let cases: [Case] = [
        Case(), Case(topic: "messages.user.alice"), Case(topic: "messages.user.bob"), Case(topic: "messages"),
        Case(topic: "messages", claims: ["roles": ["admin"]]), Case(topic: "messages.**"), Case(topic: "secret.**"),
        Case(topic: "messages.**", settings: "modules: {authorization: {wildcards: deny}}"), Case(topic: "a..b"), Case(topic: "**.a"),
        Case(action: .publish), Case(action: .publish, topic: "messages.channel.announcements"),
        Case(action: .publish, topic: "messages.channel.announcements", claims: ["roles": ["admin"]]),
        Case(action: .publish, topic: "messages.channel.*"), Case(user: nil), Case(action: .publish, user: nil),
        Case(settings: "auth: {required: false}", user: nil),
        Case(secret: "another secret than the gateway's, of 32 bytes or more"),
        Case(settings: "auth: {max_attempts: 1}", secret: "another secret than the gateway's, of 32 bytes or more"),
        Case(claims: ["exp": 1]), Case(settings: "modules: {jwt: {audience: mobile}}"),
        Case(settings: "modules: {jwt: {issuer: me}}", claims: ["iss": "you"]), Case(claims: ["token_use": "refresh"]),
        Case(settings: "modules: {origin: {allow: [\"https://good.example\"]}}", headers: [("Origin", "https://evil.example")]),
        Case(settings: "modules: {origin: {allow: [\"https://good.example\"]}}", headers: [("Origin", "https://good.example")]),
        Case(settings: "modules: {origin: {allow: [], mode: observe}}", headers: [("Origin", "https://evil.example")]),
        Case(action: .publish, settings: "modules: {size_limit: {max_message: 64B}}"),
        Case(action: .publish, settings: "modules: {size_limit: {max_message: 64B, mode: observe}}"),
        Case(action: .publish, settings: "server: {max_message_size: 16KiB}", data: "\"\(String(repeating: "x", count: 20_000))\""),
        Case(settings: "server: {enabled: false}"),
        Case(settings: "pipeline: {auth: [abstaining]}"), Case(settings: "pipeline: {auth: [abstaining, jwt]}"),
    ]

    /// A gateway for each of the settings.
    static let settings = Set(cases.map(\.settings)).sorted()

    @Test(arguments: settings) func `the simulation and a socket say the same`(_ settings: String) async throws {
        let configuration = TestConfiguration([Self.rules, settings])
        let types = BuiltInModules.all + compiledPlugins + testModules
        try await TestGateway.with(configuration, modules: types) { gateway in
            for example in Self.cases where example.settings == settings {
                let token = example.user == nil ? nil : try await gateway.token(example.user, example.claims, secret: example.secret)
                let report = try await Self.simulate(example, token, configuration, types, gateway.clock.gatewayClock)
                let met = try await Self.meet(gateway, example, token)
                let isMet = met.allSatisfy { if case .frame(let text) = $0 { !text.contains("error") } else { false } }
                #expect(report.answers.map(Self.masked) == met.map(Self.masked), "\(example)")
                #expect(report.isAllowed == isMet, "\(example)")
                #expect(report.steps.contains(where: \.isEnd) != report.isAllowed, "\(example)")
            }
        }
    }

    @Test func `of a module that fails it says why`() async throws {
        let gate = Gate.named("simulated-failure")
        let configuration = TestConfiguration([
            "pipeline: {route: [waiting]}\nmodules: {waiting: {gate: simulated-failure, later_timeout: 60s}}\nauth: {required: false}"
        ])
        async let report = Self.simulate(
            Case(topic: "wait", user: nil), nil, configuration, BuiltInModules.all + testModules, ManualClock().gatewayClock)
        try await eventually("the module is asked") { gate.arrived == 1 }
        gate.fail(Unmet(what: "a module's promise"))
        let step = try await report.steps.last
        #expect(step?.explanation?.text == "never came true: a module's promise")
        #expect(step?.isEnd == true)
    }

    @Test(arguments: [
        ("subscribe messages.channel.x", 0), ("subscribe messages", 1), ("dance messages", 64), ("subscribe x -c no.yaml", 78),
    ])
    func `the program's exit status is the answer`(_ words: String, _ status: Int32) async throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "simulate-\(UUID().uuidString).yaml")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data((TestConfiguration([Self.rules]).text).utf8).write(to: file)
        let program = try Program(
            URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent().appending(path: "gateway").path,
            ["simulate", "-c", file.path, "--profile", "layer1", "--user", "alice"] + words.split(separator: " ").map(String.init),
            from: "it by swift build --build-tests")
        #expect(try await program.exitCode() == status, "\(program.text)")
    }

    private static func simulate(
        _ example: Case, _ token: String?, _ configuration: TestConfiguration, _ types: [any Module.Type], _ clock: GatewayClock
    ) async throws -> SimulationReport {
        let file = FileManager.default.temporaryDirectory.appending(path: "nowhere-\(UUID().uuidString)/gateway.yaml").path
        let read = ConfigurationRequest(file: file, text: Array(configuration.text.utf8), profile: configuration.profile, environment: [:])
        let loaded = try #require(ConfigurationLoader.load(CoreSettings.self, read, modules: types).configuration)
        var request = SimulatedRequest(
            example.action, credentials: token.map { .token($0) } ?? .none, address: try #require(ClientAddress("127.0.0.1")))
        request.topic = example.topic
        request.data = example.data
        request.headers = example.headers.map { (name: $0.0, value: $0.1) }
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        return try await Simulation(loaded.core, pipeline: loaded.pipeline, clock: clock, logger: logger).run(request)
    }

    /// The same by hand, over a real socket: what comes until the pong or the end.
    private static func meet(_ gateway: TestGateway, _ example: Case, _ token: String?) async throws -> [SimulationReport.Answer] {
        let client = try await gateway.open()
        client.requestUpgrade(headers: example.headers)
        let response = try await client.response()
        guard response.status == 101 else { return [.response(status: response.status, body: response.body)] }
        if let token {
            client.send(["type": "auth", "token": .string(token)])
            let answers = try await untilPong(client)
            guard case .frame(let text)? = answers.first, text.contains("auth_success") else { return answers }
        }
        let type = example.action == .publish ? "message" : "subscribe"
        let data = example.action == .publish ? #","data":\#(example.data)"# : ""
        client.send(#"{"type":"\#(type)","topic":"\#(example.topic)"\#(data)}"#)
        let answers = try await untilPong(client)
        try? await client.close()
        return answers
    }

    private static func untilPong(_ client: TestClient) async throws -> [SimulationReport.Answer] {
        client.send(["type": "ping"])
        var answers: [SimulationReport.Answer] = []
        while true {
            switch try await client.next() {
            case .text(let text) where text.contains(#""pong""#): return answers
            case .text(let text): answers.append(.frame(text))
            case .close(let code, let reason): return answers + [.close(code: Int(code), reason: reason)]
            default: return answers + [.ended]
            }
        }
    }

    private static func masked(_ answer: SimulationReport.Answer) -> SimulationReport.Answer {
        guard case .frame(let text) = answer else { return answer }
        return .frame(text.replacing(/"timestamp":"[^"]*"/, with: "\"timestamp\":\"now\""))
    }
}
