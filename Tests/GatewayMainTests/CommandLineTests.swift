import Foundation
import GatewayKit
import Testing

@testable import GatewayMain

/// The verbs that serve nobody.
@Suite struct CommandLineTests {
    @Test func `the version is a line on standard output`() async {
        let program = Program()
        #expect(await program.run("--version") == 0)
        #expect(program.output.lines == [GatewayVersion.current])
    }

    @Test(arguments: [
        "run", "check", "explain", "simulate", "connect", "modules", "token mint", "token check", "user add", "user list", "openapi",
        "schema", "init", "env", "doctor",
    ])
    func `the help of each verb has an example`(_ verb: String) async {
        let program = Program()
        let words = verb.split(separator: " ").map(String.init)
        let status = words.count == 1 ? await program.run(words[0], "--help") : await program.run(words[0], words[1], "--help")
        #expect(status == 0)
        #expect(program.output.text.contains("EXAMPLE"))
        #expect(program.output.text.contains("gateway \(verb)"))
        // A line that is wrapped goes on at the margin.
        let lines = program.output.lines.flatMap { $0.split(separator: "\n", omittingEmptySubsequences: false) }
        for (line, next) in zip(lines, lines.dropFirst()) where line.hasPrefix("  gateway ") {
            #expect(next.isEmpty || next.hasPrefix(" "), "\(line)")
        }
    }

    @Test(arguments: [["help", "halp"], ["help", "token", "mnt"], ["token", "mnt"]])
    func `help about no verb is an error`(_ arguments: [String]) async {
        let program = Program()
        #expect(await program.run(arguments) == 1)
        #expect(program.error.text.contains("has no verb"))
    }

    @Test func `help about a verb is its page`() async {
        let program = Program()
        #expect(await program.run("help", "token", "mint") == 0)
        #expect(program.output.text.contains("--claim"))
    }

    @Test(
        arguments: [
            (["run", "--prot", "dev"], "error: 'gateway run' has no option '--prot'\nhelp: did you mean '--profile'?"),
            (["run", "--bogus"], "error: 'gateway run' has no option '--bogus'\nhelp: 'gateway run --help' tells all that it takes"),
            (
                ["token", "mint"],
                "error: missing expected argument '--user <id>'\nhelp: 'gateway token mint --help' tells all that it takes"
            ),
            (["check", "extra"], "error: unexpected argument 'extra'\nhelp: 'gateway check --help' tells all that it takes"),
        ])
    func `what is wrong with arguments is told like every other error`(_ arguments: [String], _ text: String) async {
        let program = Program()
        #expect(await program.run(arguments) == 1)
        #expect(program.error.text == text)
    }

    @Test(arguments: [("rnu", "gateway run"), ("chekc", "gateway check"), ("conect", "gateway connect")])
    func `an unknown verb is answered with the nearest one`(_ word: String, _ verb: String) async {
        let program = Program()
        #expect(await program.run(word) == 1)
        #expect(program.error.text.contains("did you mean '\(verb)'?"))
    }

    @Test func `an unknown verb that resembles none is answered with all`() async {
        let program = Program()
        #expect(await program.run("frobnicate") == 1)
        #expect(
            program.error.text.contains(
                "it has: run, check, plan, reload, explain, simulate, connect, modules, plugin, token, user, openapi, schema, init, env, doctor"
            ))
    }

    @Test func `an unknown option is status 1 and one message`() async {
        let program = Program()
        #expect(await program.run("run", "--bogus") == 1)
        #expect(program.error.text.contains("--bogus"))
        #expect(program.output.lines.isEmpty)
    }

    @Test(
        arguments: [
            (["--publish", "a.b"], "a topic and a JSON value"), (["--publish", "a", "1", "--publish", "b", "2"], "more than once"),
            (["--publish", "a", "Hello"], "is no JSON"), (["--user", "a", "--token", "b"], "both given"),
            (["--ca", "ca.pem", "ws://localhost:1"], "--ca is for wss"), (["0"], "0 is no port"),
        ])
    func `connect says what is wrong with its options`(_ arguments: [String], _ message: String) async {
        let program = Program()
        #expect(await program.run(["connect"] + arguments) == 1)
        #expect(program.error.lines.first?.hasPrefix("error: ") == true)
        #expect(program.error.text.contains(message))
    }

    @Test func `a file without a certificate is named`() async {
        let program = Program()
        #expect(await program.run("connect", "wss://127.0.0.1:1/ws", "--ca", #filePath) == 1)
        #expect(program.error.text.contains("CommandLineTests.swift' holds no certificate"))
    }

    @Test func `a right configuration is status 0`() async throws {
        let program = Program(environment: workingEnvironment)
        #expect(try await withConfiguration(workingConfiguration) { await program.run("check", "-c", $0) } == 0)
        #expect(program.output.text.hasSuffix("is right"))
    }

    @Test func `all errors of a configuration are told, with status 78`() async throws {
        let text = workingConfiguration.replacing("port: 0, event_loops", with: "prot: 0, event_loops").replacing(
            "rate_limit,", with: "rate_limt,")
        let program = Program()
        #expect(try await withConfiguration(text) { await program.run("check", "-c", $0) } == 78)
        for code in ["unknown-key", "unknown-module", "unset-variable"] { #expect(program.error.text.contains("error[\(code)]")) }
    }

    @Test func `a missing configuration is status 78 and says what to do`() async {
        let program = Program()
        #expect(await program.run("check", "-c", "/nonexistent/gateway.yaml") == 78)
        #expect(program.error.text.contains("-c FILE"))
    }

    @Test func `findings as JSON go to standard output alone`() async throws {
        let program = Program()
        #expect(try await withConfiguration(workingConfiguration) { await program.run("check", "-c", $0, "--format", "json") } == 78)
        let object = try JSONSerialization.jsonObject(with: Data(program.output.text.utf8)) as? [String: [[String: Any]]]
        #expect(object?["diagnostics"]?.first?["code"] as? String == "unset-variable")
        #expect(program.error.lines.isEmpty)
    }

    @Test func `GATEWAY_PROFILE chooses the profile, and --profile wins`() async throws {
        let program = Program(environment: ["GATEWAY_PROFILE": "nope", "SECRET": workingEnvironment["SECRET"] ?? ""])
        try await withConfiguration(workingConfiguration) { file in
            #expect(await program.run("check", "-c", file) == 78)
            #expect(program.error.text.contains("unknown-profile"))
            #expect(await program.run("check", "-c", file, "--profile", "dev") == 0)
        }
    }

    @Test func `a profile that is not there is told with whoever asks for it`() async throws {
        for (environment, arguments, place) in [
            (["GATEWAY_PROFILE": "dve"], [], "environment GATEWAY_PROFILE: "), ([:], ["--profile", "dve"], "--profile dve: "),
        ] {
            let program = Program(environment: workingEnvironment.merging(environment) { $1 })
            #expect(try await withConfiguration(workingConfiguration) { await program.run(["check", "-c", $0] + arguments) } == 78)
            #expect(program.error.text.contains("\(place)error[unknown-profile]: no profile 'dve'"))
        }
    }

    @Test func `certificate and key are told with what the system says, both in one run`() async throws {
        let text = workingConfiguration.replacing("event_loops: 1}", with: "event_loops: 1, tls: {certificate: no.crt, key: no.key}}")
        let program = Program(environment: workingEnvironment)
        #expect(try await withConfiguration(text) { await program.run("check", "-c", $0) } == 78)
        for name in ["the certificate", "the private key"] {
            #expect(program.error.text.contains(try Regex("cannot read \(name) [^ ]*: No such file or directory\n")))
        }
        #expect(program.error.text.components(separatedBy: "help: name a PEM file").count == 3)
    }

    @Test func `every built-in module is listed with its stage and a sentence`() async {
        let program = Program()
        #expect(await program.run("modules") == 0)
        #expect(program.output.lines.count == BuiltInModules.all.count)
        #expect(program.output.lines.contains { $0.contains("rate_limit") && $0.contains("route") && $0.hasSuffix(".") })
    }

    @Test(arguments: BuiltInModules.all.map { $0.name })
    func `every module describes itself`(_ name: String) async {
        let program = Program()
        #expect(await program.run("modules", "describe", name) == 0)
        #expect(program.output.text.hasPrefix("\(name): "))
        #expect(program.output.text.contains("example:\n  version: 1\n  pipeline:"))
    }

    @Test(arguments: BuiltInModules.all.map { $0.name })
    func `the example of every module is a right configuration`(_ name: String) async throws {
        let program = Program(environment: ["JWT_SECRET": String(repeating: "s", count: 32)])
        #expect(await program.run("modules", "describe", name) == 0)
        let example = program.output.lines.drop { $0 != "example:" }.dropFirst().map { $0.dropFirst(2) }
        let text = example.joined(separator: "\n") + "\n"
        #expect(try await withConfiguration(text) { await program.run("check", "-c", $0) } == 0, "\(program.error.text)")
        #expect(program.error.lines.isEmpty)
    }

    @Test func `the example of authorization allows something`() async {
        let program = Program()
        #expect(await program.run("modules", "describe", "authorization") == 0)
        #expect(program.output.text.contains("rules: [{allow: [subscribe, publish]"))
    }

    @Test func `a module that takes raw messages says that it does so before authentication`() async {
        let program = Program(plugins: [Eavesdropper.self])
        #expect(await program.run("modules") == 0)
        #expect(program.output.lines.last?.hasSuffix("Takes raw messages, before authentication.") == true)
        #expect(await program.run("modules", "describe", "eavesdropper") == 0)
        #expect(program.output.text.contains("stage: route: raw messages, before the gateway's own protocol and before authentication"))
    }

    @Test(arguments: ["rate_limt", "rate", "rate-limit"]) func `an unknown module is answered with the nearest one`(_ name: String) async {
        let program = Program()
        #expect(await program.run("modules", "describe", name) == 1)
        #expect(program.error.text.contains("did you mean 'rate_limit'?"))
    }

    @Test func `the reference has every module and every key of the core`() async {
        let program = Program()
        #expect(await program.run("modules", "--markdown") == 0)
        for module in BuiltInModules.all { #expect(program.output.text.contains("### `\(module.name)`")) }
        for key in ["max_queue", "drain.grace", "tls.certificate", "WEBSOCKET_PING_INTERVAL, in milliseconds"] {
            #expect(program.output.text.contains(key))
        }
    }

    @Test func `names of modules are unique`() {
        #expect(Set(BuiltInModules.all.map { $0.name }).count == BuiltInModules.all.count)
    }

    @Test func `a plugin with the name of another module stops every verb, and both are named`() async {
        let program = Program(plugins: [Impostor.self])
        #expect(await program.run("check") == 1)
        #expect(program.error.text.contains("two modules are called 'jwt': JWTModule.JWT and GatewayMainTests.Impostor"))
    }

    @Test func `a minted token stands alone on standard output`() async throws {
        let program = Program(environment: workingEnvironment)
        let status = try await withConfiguration(workingConfiguration) {
            await program.run("token", "mint", "-c", $0, "--user", "alice", "--role", "admin", "--claim", "level=3")
        }
        #expect(status == 0)
        let token = try #require(program.output.lines.first)
        #expect(program.output.lines.count == 1)
        let claims = try payload(of: token)
        #expect(claims["sub"] as? String == "alice")
        #expect(claims["roles"] as? [String] == ["admin"])
        #expect(claims["level"] as? Int == 3)
        #expect(claims["exp"] != nil)
    }

    @Test func `claims too long for a token are status 1 and name the options`() async throws {
        let program = Program(environment: workingEnvironment)
        let status = try await withConfiguration(workingConfiguration) {
            await program.run("token", "mint", "-c", $0, "--user", "alice", "--claim", "a=\(String(repeating: "x", count: 8192))")
        }
        #expect(status == 1)
        #expect(program.error.text.contains("--claim") && program.error.text.contains("8 KiB"))
        #expect(!program.error.text.contains("gateway.yaml"))
    }

    @Test func `a negative time is the time's error, not an unknown option`() async {
        let program = Program()
        #expect(await program.run("token", "mint", "--user", "alice", "--ttl", "-1h") == 1)
        #expect(program.error.lines.first?.hasPrefix("error: --ttl: ") == true)
    }

    @Test func `check finds what run would refuse: the example user where others can log in`() async throws {
        let program = Program()
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../gateway.yaml").standardizedFileURL.path
        #expect(await program.run("check", "-c", file, "--profile", "dev", "--set", "server.host=0.0.0.0") == 78)
        #expect(program.error.text.contains("modules.accounts.example_user: the user user@example.com has a password"))
    }

    @Test func `without a module that signs there is no token, and the help says so`() async throws {
        let text = workingConfiguration.replacing("  auth: [jwt]", with: "  auth: []") + "\nauth: {required: false}"
        let program = Program(environment: workingEnvironment)
        #expect(try await withConfiguration(text) { await program.run("token", "mint", "-c", $0, "--user", "alice") } == 78)
        #expect(program.error.text.contains("auth: [jwt]"))
        #expect(program.output.lines.isEmpty)
    }

    private func payload(of token: String) throws -> [String: Any] {
        let part = String(try #require(token.split(separator: ".").dropFirst().first))
        let padding = String(repeating: "=", count: (4 - part.count % 4) % 4)
        let data = try #require(Data(base64Encoded: part.replacing("-", with: "+").replacing("_", with: "/") + padding))
        return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    }
}

/// A plugin whose name is taken.
struct Impostor: RouteStage {
    static let name = "jwt"
    static let summary = "Does nothing."

    init(settings: NoSettings, context: ModuleContext) {}
    func route(_ command: inout Command, _ connection: Connection) -> Verdict<Rejection> { .proceed }
}

/// A plugin that sees raw messages.
struct Eavesdropper: FrameStage {
    static let name = "eavesdropper"
    static let summary = "Listens."

    init(settings: NoSettings, context: ModuleContext) {}
    func frame(_ message: FrameMessage, _ connection: Connection) -> FrameVerdict { .proceed }
}
