import Foundation
import GatewayKit
import Testing

@testable import GatewayMain

@Suite struct ExplainCommandTests {
    private static let secret = "hunter2, a secret of 32 bytes or more"
    private static let text = """
        server: {host: 127.0.0.1, port: 4000, ping_interval: "${PING_EVERY}"}
        pipeline:
          accept: [ip_cap]
          auth: [jwt]
          route: [rate_limit/all, authorization]
        modules:
          ip_cap: {max_connections: 7}
          jwt: {secret: "${JWT_SECRET}", issuer: "https://me:hunter2@example.com", audience: "${THE_TOKEN}"}
          rate_limit/all: {rate: 5/s, burst: 10}
          authorization:
            rules:
              - {allow: [subscribe], topics: ["messages.**"], when: {roles: admin}}
          origin: {allow: ["${NEVER_READ}"]}
        profiles:
          prod: {server: {port: 5000}, modules: {rate_limit/all: {burst: 50, mode: observe, later_timeout: 5s}}}
          eu: {extends: prod, server: {port: 6000, host: null}}
        """
    private static let environment = ["JWT_SECRET": secret, "THE_TOKEN": "hunter2", "PING_EVERY": "20s"]

    /// What `gateway explain` prints, with `FILE` in place of the file's path.
    private func explain(
        _ arguments: String..., environment: [String: String] = [:], text: String = text, status: Int32 = 0
    ) async throws -> String {
        let program = Program(environment: Self.environment.merging(environment) { $1 })
        return try await withConfiguration(text) { file in
            let ended = await program.run(["explain", "-c", file] + arguments)
            #expect(ended == status, "\(program.error.text)")
            return (status == 0 ? program.output : program.error).text.replacing(file, with: "FILE")
        }
    }

    @Test func `each value has its origin and what it overrode`() async throws {
        let shown = try await explain("server", "--profile", "eu", "--set", "server.path=/x", environment: ["WEBSOCKET_PORT": "7000"])
        let lines = shown.split(separator: "\n").prefix(7).map { $0.replacing(/[ ]+#/, with: "  #") }
        #expect(
            lines == [
                "server:",
                "  enabled: true  # default",
                "  host: 0.0.0.0  # default, by the null at FILE:16:50, profile eu; over :1:16",
                "  port: 7000  # environment WEBSOCKET_PORT; over FILE:16:38 (profile eu), FILE:15:25 (profile prod), FILE:1:33",
                "  path: /x  # --set",
                "  event_loops: auto  # default",
                "  ping_interval: 20s  # FILE:1:54, the variable PING_EVERY",
            ])
    }

    @Test func `the form is value, place, profile, and what is below`() async throws {
        #expect(
            try await explain("modules.rate_limit/all.burst", "--profile", "prod") == """
                modules:
                  rate_limit/all:
                    burst: 50  # FILE:15:66, profile prod; over :9:38
                """)
    }

    @Test func `remarks stand in one column`() async throws {
        let columns = Set(
            try await explain("server").split(separator: "\n").compactMap { line in
                line.firstIndex(of: "#").map { line.distance(from: line.startIndex, to: $0) }
            })
        #expect(columns.count == 1)
    }

    @Test func `no secret is shown, whatever it is called and wherever it stands`() async throws {
        let shown = try await explain("modules.jwt")
        #expect(!shown.contains("hunter2"))
        for line in ["secret: \"***\"", "issuer: \"https://***@example.com\"", "audience: \"***\""] { #expect(shown.contains(line)) }
        let overridden = try await explain("modules.jwt.secret", "--set", "modules.jwt.secret=\(Self.secret)")
        #expect(overridden.contains("secret: \"***\"  # --set; over FILE:8:17"))
    }

    @Test func `a variable that feeds a secret is hidden under every other setting too`() async throws {
        let text = Self.text.replacing("JWT_SECRET", with: "APP_KEY").replacing("https://me:hunter2@example.com", with: "by ${APP_KEY}")
        let shown = try await explain("modules.jwt", environment: ["APP_KEY": Self.secret], text: text)
        #expect(!shown.contains("hunter2") && shown.contains("issuer: \"***\""))
    }

    @Test func `a login ends at the last @ of a URL`() async throws {
        let text = Self.text.replacing("https://me:hunter2@example.com", with: "https://me:a@hunter2/x@${HOST}")
        let shown = try await explain("modules.jwt.issuer", environment: ["HOST": "example.com"], text: text)
        #expect(shown.contains("issuer: \"https://***@example.com\"") && !shown.contains("hunter2"))
    }

    @Test func `the login of a URL is hidden where its password is a variable`() async throws {
        let text = Self.text.replacing("https://me:hunter2@example.com", with: "https://me:${PW}@example.com")
            .replacing("${THE_TOKEN}", with: "${PW}")
        let shown = try await explain("modules.jwt", environment: ["PW": "hunter2"], text: text)
        #expect(shown.contains("issuer: \"https://***@example.com\"") && shown.contains("audience: \"***\""))
    }

    @Test func `every variable of a value is named`() async throws {
        let text = Self.text.replacing("https://me:hunter2@example.com", with: "a ${PING_EVERY} ${HOST:-b}")
        #expect(try await explain("modules.jwt.issuer", text: text).contains(", with the variable PING_EVERY and the variable HOST"))
    }

    @Test func `a list of mappings has a line for each of them`() async throws {
        let rule = "- {allow: [subscribe], topics: [\"messages.**\"], when: {roles: admin}}  # FILE:12:9"
        #expect(try await explain("modules.authorization.rules").contains(rule))
        #expect(try await explain("modules.authorization.rules[0]").contains(rule))
    }

    @Test func `what stands in no stage is told, as it was written`() async throws {
        let shown = try await explain()
        #expect(shown.contains("# in no stage") && shown.contains("allow: [\"${NEVER_READ}\"]"))
    }

    @Test func `the profile stands in the first line`() async throws {
        #expect(try await explain().hasPrefix("# FILE, no profile\n"))
        #expect(try await explain("--profile", "eu").hasPrefix("# FILE, profile eu\n"))
    }

    @Test(
        arguments: [
            ("server.prot", "no key 'prot' in server", "did you mean 'server.port'?"),
            ("sever", "no key 'sever' at the top", "did you mean 'server'?"),
            ("burst", "no key 'burst' at the top", "did you mean 'modules.rate_limit/all.burst'?"),
            ("modules.jwt.xyz", "no key 'xyz' in modules.jwt", "there are: algorithms, secret"),
            ("server.port.x", "'server.port' has no keys", "gateway explain server.port"),
            ("modules.authorization.rules[1]", "'modules.authorization.rules' has no element [1]", "there are [0] to [0]"),
            ("", "no key '' at the top", "there are: "), ("server..port", "no key '' in server", "there are: "),
        ])
    func `a path that leads nowhere is an error with the nearest name`(_ path: String, _ message: String, _ help: String) async throws {
        let shown = try await explain(path, status: 1)
        #expect(shown.contains("\nerror: \(message)\nhelp: "))
        #expect(shown.contains(help))
    }

    @Test func `the pipeline is told stage by stage, with what differs from the default`() async throws {
        let shown = try await explain("--pipeline", "--profile", "prod")
        #expect(shown.hasPrefix("accept: may this address have one more connection?\n  ip_cap"))
        #expect(shown.contains("\nhandshake: is this upgrade request welcome?\n  no module\n"))
        #expect(shown.contains("  rate_limit/all  {mode: observe, later_timeout: 5s}  # FILE:5:11\n  authorization "))
        #expect(shown.contains("\npubsub: how do events travel?\n  memory                                              # default\n"))
    }

    @Test func `a module that takes raw messages stands before the others`() async throws {
        let program = Program(environment: Self.environment, plugins: [Eavesdropper.self])
        let text = Self.text.replacing("rate_limit/all, authorization]", with: "rate_limit/all, authorization, eavesdropper]")
        #expect(try await withConfiguration(text) { await program.run("explain", "-c", $0, "--pipeline") } == 0)
        let lines = program.output.lines.map { $0.replacing(/[ ]+#.*/, with: "") }
        let raw = try #require(lines.firstIndex(of: "route, raw messages: before the protocol and before authentication"))
        #expect(lines[(raw + 1)...].prefix(4) == ["  eavesdropper", "route: may it do that?", "  rate_limit/all", "  authorization"])
    }

    @Test func `a path and --pipeline do not go together`() async throws {
        #expect(try await explain("server", "--pipeline", status: 1).contains("both given"))
    }

    @Test func `a configuration with errors is not explained`() async throws {
        #expect(try await explain("server", "--set", "server.port=x", status: 78).contains("error[wrong-type]"))
    }

    @Test func `a variable that is not set is a warning, stands by its name, and makes the status 78`() async throws {
        let text = Self.text.replacing("issuer: \"https://me:hunter2@example.com\"", with: "issuer: \"hunter2${ISSUER:?say who}\"")
            .replacing("ip_cap: {max", with: "ip_cap: {mode: \"${MODE}\", max").replacing(
                "rate: 5/s", with: "mode: observe, rate: \"${RATE}\""
            )
            .replacing("origin: {allow: [\"${NEVER_READ}\"]}", with: "origin: {allow: [\"${SITE}\"]}")
            .replacing("accept: [ip_cap]", with: "accept: [ip_cap]\n  handshake: [origin]")
            .replacing("[\"messages.**\"], when: {roles: admin}}", with: "[\"${TOPIC}\"]}")
        let program = Program(environment: ["JWT_SECRET": Self.secret])
        try await withConfiguration(text) { file in
            #expect(await program.run("explain", "-c", file) == 78)
            #expect(await program.run("explain", "-c", file, "--pipeline") == 78)
            let shown = program.output.text.replacing(file, with: "FILE").replacing(/[ ]+#/, with: "  #")
            for line in [
                "port: 4000  # FILE:1:33", "ping_interval: \"${PING_EVERY}\"  # FILE:1:54, PING_EVERY has no value",
                "issuer: \"${ISSUER}\"  # FILE:9:42, ISSUER has no value", "rate: \"${RATE}\"  # FILE:10:41, RATE has no value",
                "allow: [\"${SITE}\"]  # FILE:14:19, SITE has no value", "max_connections: 7  # FILE:8:46", "secret: \"***\"  #",
                "rate_limit/all  {mode: observe}  #", "- {allow: [subscribe], topics: [\"${TOPIC}\"]}  # FILE:13:9, TOPIC has no value",
            ] { #expect(shown.contains(line), "\(line) in \(shown)") }
            #expect(program.error.text.contains("warning[unset-variable]: PING_EVERY is not set and has no default"))
            #expect(program.error.text.contains("help: say who") && !program.error.text.contains("error["), "\(program.error.text)")
            #expect(!program.output.text.contains("hunter2"))
        }
    }

    @Test(arguments: [(true, true), (false, false)]) func `colours come on a terminal alone`(_ isTerminal: Bool, _ hasColor: Bool)
        async throws
    {
        let output = Collected()
        let terminal = Terminal(
            output: { output.append($0) }, error: { _ in }, lines: { AsyncStream { $0.finish() } },
            terminations: { AsyncStream { $0.finish() } }, outputEnded: { AsyncStream { $0.finish() } }, hasColor: true,
            outputHasColor: isTerminal)
        let invocation = Invocation(modules: BuiltInModules.all, environment: Self.environment, program: "gateway", terminal: terminal)
        #expect(try await withConfiguration(Self.text) { await invocation.run(["explain", "-c", $0]) } == 0)
        #expect(output.text.contains("\u{1B}[2m# default\u{1B}[0m") == hasColor)
    }

    @Test(arguments: ["dev", "bench"]) func `what is printed is a configuration that comes to the same`(_ profile: String) async throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../gateway.yaml").standardized.path
        let first = Program()
        #expect(await first.run("explain", "-c", file, "--profile", profile) == 0, "\(first.error.text)")
        let second = Program()
        #expect(try await withConfiguration(first.output.text) { await second.run("explain", "-c", $0) } == 0, "\(second.error.text)")
        func values(_ program: Program) -> [String] { program.output.lines.dropFirst().map { $0.replacing(/[ ]+# .*/, with: "") } }
        #expect(values(first) == values(second))
    }
}
