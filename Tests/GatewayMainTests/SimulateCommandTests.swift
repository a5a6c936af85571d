import Foundation
import GatewayKit
import NIOCore
import Testing

@testable import GatewayMain

@Suite struct SimulateCommandTests {
    private static let text = """
        server: {host: 127.0.0.1, port: 0}
        pipeline:
          accept: [ip_cap]
          handshake: [origin]
          auth: [jwt]
          route: [size_limit, rate_limit, authorization]
          http: [accounts]
        modules:
          origin: {allow: ["https://good.example"]}
          jwt: {secret_file: data/jwt.secret, create_secret: true}
          authorization:
            rules:
              - {allow: [subscribe, publish], topics: ["messages.channel.*"]}
              - {allow: [subscribe], topics: ["messages.user.<userId>"]}
              - {allow: [subscribe], topics: [messages], when: {roles: admin}}
        profiles:
          watch: {modules: {authorization: {mode: observe}}}
        """

    /// What `gateway simulate` prints, with masks for what differs each time.
    private func simulate(_ words: String..., status: Int32) async throws -> String {
        try await withConfiguration(Self.text) { file in
            let program = Program()
            #expect(await program.run(["simulate", "-c", file] + words) == status)
            // Nothing is made: no secret, no database, no socket.
            let folder = URL(filePath: file).deletingLastPathComponent().path
            let files = try FileManager.default.contentsOfDirectory(atPath: folder)
            #expect(files == ["gateway.yaml"])
            return (program.output.text + program.error.text).replacing(file, with: "FILE")
                .replacing(/\s+\d+ (µs|ms|s)\b/, with: " TIME").replacing(/[ ]{2,}/, with: "  ")
                .replacing(/"timestamp":"[^"]*"/, with: "\"timestamp\":\"NOW\"")
        }
    }

    @Test func `a refusal names the rule that came nearest`() async throws {
        #expect(
            try await simulate("--user", "alice", "subscribe", "messages", status: 1) == """
                accept  ip_cap  proceed TIME  connection 1 of 100 of 127.0.0.1
                handshake  origin  proceed TIME  no Origin header
                auth  -  skipped  the claims are given
                route  size_limit  proceed TIME  only what clients publish has a size limit
                route  rate_limit  proceed TIME  only what clients publish counts
                route  authorization  refuse forbidden TIME  FILE:15:9 rule 3 {allow: [subscribe], topics: [messages], when: {roles: admin}} \
                does not apply: there is no claim roles; no rule matches

                the client would get: {"type":"error","code":403,"message":"Not allowed to subscribe to 'messages'",\
                "details":{"reason":"forbidden","topic":"messages"},"timestamp":"NOW"}
                """)
    }

    @Test func `a secret is not told where it stands under another setting too`() async throws {
        let secret = "hunter2, a secret of 32 bytes or more"
        let text = Self.text.replacing("secret_file: data/jwt.secret, create_secret: true", with: "secret: \"${A}\", issuer: \"${A}\"")
        try await withConfiguration(text) { file in
            let mint = Program(environment: ["A": secret])
            #expect(await mint.run("token", "mint", "-c", file, "--user", "alice", "--set", "modules.jwt.issuer=other") == 0)
            let program = Program(environment: ["A": secret])
            #expect(await program.run("simulate", "-c", file, "--token", mint.output.text, "subscribe", "messages") == 1)
            #expect(program.output.text.contains("refuse wrong_issuer") && program.output.text.contains("***"))
            #expect(await program.run("token", "check", "-c", file, mint.output.text) == 1)
            #expect(!(program.output.text + program.error.text).contains("hunter2"))
        }
    }

    @Test func `a wildcard shows what would come through`() async throws {
        let text = try await simulate("--user", "alice", "subscribe", "messages.**", status: 0)
        #expect(
            text.hasSuffix(
                """
                of what is published there the client would get:
                  messages.channel.<any>  yes  FILE:13:9
                  messages.user.<own id>  yes  FILE:14:9
                  messages.user.<another id>  no  no rule
                  messages.<any>  no  no rule

                the client would get: {"type":"subscribed","topic":"messages.**","timestamp":"NOW"}
                """))
    }

    @Test func `a page of another site gets its 403`() async throws {
        let text = try await simulate("--user", "alice", "--header", "Origin: https://evil.example", "subscribe", "messages", status: 1)
        #expect(text.contains("handshake  origin  refuse forbidden TIME  https://evil.example is not listed\n"))
        #expect(text.contains("look at: modules.origin.allow, FILE:9:19\n"))
        #expect(text.contains("the client would get: HTTP 403 "))
        #expect(!text.contains("authorization"))
        // The way ended before anybody asked who the client is.
        #expect(!text.contains("auth  "), "\(text)")
    }

    @Test func `what is observed is told and passed`() async throws {
        let text = try await simulate("--profile", "watch", "--user", "alice", "subscribe", "messages", status: 0)
        #expect(text.contains("authorization  would refuse forbidden TIME"))
    }

    @Test func `a publish tells its size and what is left`() async throws {
        let text = try await simulate("--user", "alice", "publish", "messages.channel.x", "--data", "[1]", status: 0)
        #expect(text.contains("route  size_limit  proceed TIME  58 bytes, no limit but server.max_message_size\n"))
        #expect(text.contains("route  rate_limit  proceed TIME  99 messages left of the burst of the connection\n"))
    }

    @Test func `an event over HTTP meets the route stage alone`() async throws {
        let text = try await simulate("--user", "alice", "ingress", "messages", status: 1)
        #expect(text.contains("accept  -  skipped  an event comes over HTTP\n"))
        #expect(text.contains("the client would get: HTTP 403 "))
    }

    @Test func `a secret that is not there yet is an error of the configuration`() async throws {
        let text = try await simulate("--token", "x.y.z", "subscribe", "messages", status: 78)
        #expect(text.contains("modules.jwt.secret_file: there is no secret yet"))
    }

    @Test func `the core's own refusal is a line too`() async throws {
        let text = try await simulate("--user", "alice", "subscribe", "a..b", status: 1)
        #expect(text.contains("route  core  refuse invalid_topic\n"))
    }

    @Test func `programs get JSON`() async throws {
        let text = try await simulate("--user", "alice", "subscribe", "messages", "--json", status: 1)
        guard case .object(let members)? = JSONValue(json: Array(text.utf8)), case .array(let steps)? = members["steps"] else {
            Issue.record("no JSON: \(text)")
            return
        }
        #expect(members["allowed"] == .bool(false))
        #expect(steps.count == 5)
        guard case .object(let last)? = steps.last else { return }
        #expect(last["reason"] == .string("forbidden"))
        #expect(last["place"] == .string("FILE:15:9"))
    }

    @Test(
        arguments: [
            ["--user", "a", "--token", "t", "subscribe", "x"], ["--role", "admin", "subscribe", "x"], ["--ip", "home", "subscribe", "x"],
            ["--user", "a", "publish", "x", "--data", "{"], ["--user", "a", "subscribe", "x", "--data", "1"], ["dance", "x"],
            ["--header", "nothing", "subscribe", "x"], ["--user", "", "subscribe", "x"], ["--bogus"], ["subscribe"],
            ["--header", "a: b", "ingress", "x"], ["--token", " ", "subscribe", "x"],
        ])
    func `a command line that makes no sense is 64`(_ words: [String]) async {
        let program = Program()
        #expect(await program.run(["simulate"] + words) == 64)
        #expect(program.output.lines.isEmpty)
    }

    @Test func `a module that decides late is waited for, and then its on_error holds`() async throws {
        let text = """
            pipeline: {route: [never]}
            auth: {required: false}
            modules: {never: {later_timeout: 1ms}}
            profiles: {lenient: {modules: {never: {on_error: proceed}}}}
            """
        try await withConfiguration(text.replacing("pipeline: {", with: "pipeline: {auth: [], ")) { file in
            let program = Program(plugins: [Never.self])
            #expect(await program.run("simulate", "-c", file, "subscribe", "x") == 1)
            #expect(program.output.text.contains("no verdict in time"))
            #expect(program.output.text.contains(#""reason":"timeout""#))
            let lenient = Program(plugins: [Never.self])
            #expect(await lenient.run("simulate", "-c", file, "--profile", "lenient", "subscribe", "x") == 0)
            #expect(lenient.output.text.contains("no verdict in time, forgiven"))
        }
    }
}

/// Never decides.
private struct Never: RouteStage {
    static let name = "never"
    static let summary = "Never decides."

    init(settings: NoSettings, context: ModuleContext) {}

    func route(_ command: inout Command, _ connection: Connection) -> Verdict<Rejection> {
        .later(connection.eventLoop.scheduleTask(in: .hours(1)) { .proceed }.futureResult)
    }
}
