import Foundation
import Testing

@testable import GatewayMain

/// The commands of the README's table "Troubleshooting", each on the problem that it answers.
@Suite struct TroubleshootingTests {
    private static let text = workingConfiguration.replacing("admin: {port: 0}", with: "admin: {port: 0, socket: gateway.sock}")

    /// Runs a gateway for the time of `body`, which gets its port and configuration.
    private func withGateway(
        _ environment: [String: String] = [:], _ body: (_ port: String, _ file: String) async throws -> Void
    ) async throws {
        try await withConfiguration(Self.text) { file in
            let gateway = Program(environment: workingEnvironment.merging(environment) { $1 })
            let running = Task { await gateway.run("run", "-c", file) }
            let line = await gateway.error.line(with: "listening on http://127.0.0.1:")
            do { try await body(line.split(separator: ":").last.map(String.init) ?? "", file) } catch { Issue.record(error) }
            gateway.signal(SIGTERM)
            #expect(await running.value == 0)
        }
    }

    /// Runs a verb to its end.
    private func gateway(_ words: String..., environment: [String: String] = [:]) async -> (status: Int32, output: String, error: String) {
        let program = Program(environment: workingEnvironment.merging(environment) { $1 })
        let status = await program.run(words)
        return (status, program.output.text, program.error.text)
    }

    @Test func `every verb that the table names is run here`() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../README.md").standardized
        let readme = try String(contentsOf: file, encoding: .utf8)
        let section = try #require(readme.components(separatedBy: "## Troubleshooting\n").last?.components(separatedBy: "\n## ").first)
        let verbs = Set(section.matches(of: /`gateway ([a-z]+(?: check)?)/).map { String($0.1) })
        // The last two have tests of their own.
        #expect(verbs.subtracting(["token check", "simulate"]) == ["check", "explain", "connect", "doctor", "env"])
        #expect(section.contains("http://localhost/metrics"))
    }

    @Test func `a refused connection: a port that is free says that no gateway runs`() async throws {
        var last = ""
        try await withGateway { port, _ in last = port }
        try await withConfiguration(Self.text) { file in
            let free = await gateway("check", "-c", file, "--live", "--set", "server.port=\(last)")
            #expect(free.status == 0 && !free.output.contains("in use"))
        }
        let connect = await gateway("connect", "ws://127.0.0.1:\(last)/ws")
        #expect(connect.status == 1 && connect.error.contains("connection refused: nothing listens on 127.0.0.1:\(last)"))
    }

    @Test func `a refused connection: one in use says by whom`() async throws {
        try await withGateway { port, file in
            let check = await gateway("check", "-c", file, "--live", "--set", "server.port=\(port)")
            #expect(check.status == 0 && check.output.contains("in use by the running gateway"))
        }
    }

    @Test func `a refused connection: an endpoint that is disabled says by what`() async throws {
        let disabled = ["WEBSOCKET_ENABLED": "false"]
        try await withGateway(disabled) { port, file in
            let connect = await gateway("connect", "ws://127.0.0.1:\(port)/ws")
            #expect(connect.status == 1 && connect.error.contains("HTTP 404") && connect.error.contains("server.enabled"))
            let explain = await gateway("explain", "-c", file, "server", environment: disabled)
            #expect(explain.output.contains("enabled: false") && explain.output.contains("# environment WEBSOCKET_ENABLED"))
        }
    }

    @Test func `auth_error: the reason, and whether another token is taken`() async throws {
        try await withGateway { port, file in
            let url = "ws://127.0.0.1:\(port)/ws"
            let bad = await gateway("connect", url, "--token", "x.y.z")
            #expect(bad.status == 1 && bad.error.contains("malformed"))
            let good = Program(environment: workingEnvironment)
            good.endInput()
            #expect(await good.run("connect", url, "-c", file, "--user", "alice") == 0)
            #expect(good.output.text.contains("auth_success"))
        }
    }

    @Test func `no messages: what is refused, what comes, and whether it was taken`() async throws {
        try await withGateway { port, file in
            let url = "ws://127.0.0.1:\(port)/ws"
            let refused = await gateway("connect", url, "-c", file, "--user", "alice", "--subscribe", "admin")
            #expect(refused.status == 1 && refused.error.contains("403 forbidden"))
            let alice = Program(environment: workingEnvironment)
            let listening = Task { await alice.run("connect", url, "-c", file, "--user", "alice", "--subscribe", "messages.a") }
            _ = await alice.output.line(with: #""type":"subscribed""#)
            let taken = await gateway("connect", url, "-c", file, "--user", "bob", "--publish", "messages.a", "1")
            #expect(taken.status == 0 && taken.output.contains(#""type":"ack""#))
            #expect(await alice.output.line(with: #""type":"message""#).contains(#""data":1"#))
            alice.signal(SIGINT)
            #expect(await listening.value == 0)
        }
    }

    @Test func `no messages: an adapter that brings none back`() async throws {
        try await withConfiguration(Self.text.replacing("modules:", with: "modules:\n  redis: {connect_timeout: 20s}")) { file in
            let doctor = await gateway(
                "doctor", "-c", file, environment: ["PUBSUB_ADAPTER": "redis", "PUBSUB_REDIS_URL": "redis://127.0.0.1:1"])
            #expect(doctor.status == 1)
            #expect(doctor.error.contains("error[unreachable]: modules.redis.url: messages do not flow: cannot connect to 127.0.0.1:1"))
        }
    }

    @Test func `no messages: a gateway that runs and is not ready says why`() async throws {
        let environment = ["PUBSUB_ADAPTER": "redis", "PUBSUB_REDIS_URL": "redis://127.0.0.1:1"]
        try await withGateway(environment) { _, file in
            let doctor = await gateway("doctor", "-c", file)
            #expect(doctor.status == 1)
            #expect(doctor.error.contains("admin.socket: the running gateway is not ready: HTTP 503: Messages do not flow: cannot connect"))
        }
    }

    @Test func `connections drop: closes by reason, and how long silence may last`() async throws {
        try await withGateway { port, file in
            #expect(await gateway("connect", "ws://127.0.0.1:\(port)/ws", "--token", "x.y.z").status == 1)
            let socket = URL(filePath: file).deletingLastPathComponent().appending(path: "gateway.sock").path
            let metrics = try curl(socket, "/metrics")
            #expect(metrics.contains("gateway_closed_total"))
            let environment = ["WEBSOCKET_PING_TIMEOUT": "90000"]
            let explain = await gateway("explain", "-c", file, "server.ping_timeout", environment: environment)
            #expect(explain.output.contains("ping_timeout: 90000ms  # environment WEBSOCKET_PING_TIMEOUT"))
            let env = await gateway("env", "-c", file, environment: environment)
            #expect(env.output.contains("WEBSOCKET_PING_TIMEOUT=90000"))
        }
    }

    private func curl(_ socket: String, _ path: String) throws -> String {
        let (process, output) = (Process(), Pipe())
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["curl", "--silent", "--max-time", "20", "--unix-socket", socket, "http://localhost\(path)"]
        process.standardOutput = output
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: data, as: UTF8.self)
    }
}
