import Foundation
import GatewayKit
import GatewayServer
import GatewayTestKit
import Testing

@testable import GatewayMain

/// `gateway reload`, `gateway plan`, SIGHUP and `--watch`, over a real socket.
@Suite struct ReloadTests {
    private static let configuration = workingConfiguration.replacing("admin: {port: 0}", with: "admin: {port: 0, socket: gateway.sock}")
    private static let stricter = configuration.replacing(
        "rules:", with: "rules:\n      - {deny: [subscribe], topics: [\"messages.secret\"]}")

    private func withGateway(_ options: String..., body: (URL, Program) async throws -> Void) async throws {
        try await withConfiguration(Self.configuration) { file in
            let gateway = Program(environment: workingEnvironment)
            let running = Task { await gateway.run(["run", "-c", file] + options) }
            _ = await gateway.error.line(with: "listening on http")
            _ = await gateway.error.line(with: "admin API on /")
            let result = await Swift.Result { try await body(URL(filePath: file), gateway) }
            gateway.signal(SIGTERM)
            #expect(await running.value == 0)
            try result.get()
        }
    }

    private func ask(_ verb: String..., of file: URL) async -> (status: Int32, output: String, error: String) {
        let program = Program(environment: workingEnvironment)
        let status = await program.run(verb + ["-c", file.path])
        return (status, program.output.text, program.error.text)
    }

    @Test func `a changed file is put in force, and each change told`() async throws {
        try await withGateway { file, gateway in
            #expect(await ask("reload", of: file).output == "the configuration is the same: nothing was changed")
            try Self.stricter.replacing("jwt: {", with: "jwt: {leeway: 7s, ").write(to: file, atomically: true, encoding: .utf8)
            let reloaded = await ask("reload", of: file)
            #expect(reloaded.status == 0 && reloaded.output.hasPrefix("reloaded: 2 changes\n"), "\(reloaded)")
            #expect(reloaded.output.contains("  modules.jwt.leeway: 5s → 7s"))
            _ = await gateway.error.line(with: "configuration reloaded")
        }
    }

    @Test func `a file with errors is refused with the findings of check, and the old one serves on`() async throws {
        try await withGateway { file, _ in
            let text = Self.configuration.replacing("jwt: {secret: \"${SECRET}\"}", with: "jwt: {secret_file: missing.secret}")
            try text.write(to: file, atomically: true, encoding: .utf8)
            let refused = await ask("reload", of: file)
            #expect(refused.status == 78 && refused.error.contains("missing.secret") && refused.error.contains("old one serves on"))
            try Self.configuration.write(to: file, atomically: true, encoding: .utf8)
            #expect(await ask("reload", of: file).output.hasPrefix("the configuration is the same"))
        }
    }

    @Test func `a module that cannot start is told at its setting, and the old ones serve on`() async throws {
        try await withGateway { file, _ in
            let accounts = Self.configuration.replacing("pubsub: memory", with: "pubsub: memory\n  http: [accounts]")
                .replacing("modules:", with: "modules:\n  accounts: {database: gateway.yaml/users.sqlite}")
            try accounts.write(to: file, atomically: true, encoding: .utf8)
            let refused = await ask("reload", of: file)
            #expect(refused.status == 78)
            #expect(refused.error.contains("gateway.yaml:12:24: error[unreadable-file]: modules.accounts.database: "), "\(refused)")
            #expect(refused.error.contains("help: let the gateway's user read and write it") && refused.error.contains("old one serves on"))
            let started = await ask("run", "--set", "admin.socket=other.sock", of: file)
            #expect(started.status == 78)
            #expect(started.error.contains("gateway.yaml:12:24: error[unreadable-file]: modules.accounts.database: "), "\(started)")
        }
    }

    @Test(arguments: [
        ("port: 0, event_loops: 1", "port: 0, event_loops: 2", "server.event_loops: 1 → 2", "2:49"),
        ("port: 0, event_loops: 1", "port: 0", "server.event_loops: 1 → auto", "2:1"),
        ("host: 127.0.0.1", "host: localhost", "server.host", "2:16"), ("port: 0, socket", "port: 1, socket", "admin.port: 0 → 1", "3:15"),
    ])
    func `what only a start reads is refused by name`(_ old: String, _ new: String, _ told: String, _ place: String) async throws {
        try await withGateway { file, _ in
            let text = Self.configuration.replacing(old, with: new)
            try text.write(to: file, atomically: true, encoding: .utf8)
            let refused = await ask("reload", of: file)
            #expect(refused.status == 78 && refused.error.contains("gateway.yaml:\(place): error[needs-restart]"), "\(refused)")
            let plan = await ask("plan", file.path, of: file)
            #expect(plan.status == 3 && plan.output.contains(told) && plan.output.contains("(needs a restart)"), "\(plan)")
        }
    }

    @Test func `a plan tells what would change, and who would lose what, and changes nothing`() async throws {
        try await withGateway { file, gateway in
            let port = try #require(gateway.error.lines.first { $0.contains("listening on") }?.split(separator: ":").last)
            let client = Program(environment: workingEnvironment)
            let url = "ws://127.0.0.1:\(port)/ws"
            let connected = Task {
                await client.run(
                    "connect", url, "-c", file.path, "--user", "a", "--subscribe", "messages.secret", "--subscribe", "messages.b")
            }
            try await eventually("both are subscribed") { client.output.lines.count { $0.contains("\"subscribed\"") } == 2 }
            let new = file.deletingLastPathComponent().appending(path: "new.yaml")
            try Self.stricter.replacing("[rate_limit, authorization]", with: "[size_limit, authorization]")
                .replacing("modules:\n", with: "modules:\n  size_limit: {max_message: 1KiB}\n")
                .write(to: new, atomically: true, encoding: .utf8)
            let plan = await ask("plan", new.path, of: file)
            #expect(plan.status == 0)
            for line in [
                "pipeline.route: [rate_limit, authorization] → [size_limit, authorization]", "modules added: size_limit",
                "modules removed: rate_limit", "modules made anew: authorization", "1 connection: 1 would lose subscriptions",
                "1 connection loses messages.secret", "modules.size_limit.max_message: nothing → 1KiB",
            ] {
                #expect(plan.output.contains(line), "\(plan.output)")
            }
            #expect(!plan.output.contains("modules.rate_limit.") && !plan.output.contains("modules.size_limit.topics"), "\(plan.output)")
            #expect(!plan.output.contains("messages.b") && !client.output.text.contains("unsubscribed"))
            try Self.configuration.replacing("[ip_cap]", with: "[ip_cap/other]").write(to: new, atomically: true, encoding: .utf8)
            let door = await ask("plan", new.path, of: file)
            #expect(door.output.contains("1 connection: ip_cap/other would not know of those that are open now"), "\(door)")
            try "version: 1\nserve: {}\n".write(to: new, atomically: true, encoding: .utf8)
            let wrong = await ask("plan", new.path, of: file)
            #expect(wrong.status == 78 && wrong.error.contains("new.yaml:2:1: error[unknown-key]"))
            client.signal(SIGINT)
            #expect(await connected.value == 0)
        }
    }

    @Test func `a plan is made with the profile of the running gateway, and none for another`() async throws {
        try await withGateway("--profile", "dev") { file, _ in
            #expect(await ask("plan", file.path, "--profile", "dev", of: file).status == 0)
            #expect(await ask("plan", file.path, of: file).status == 0)
            try Self.configuration.appending("\n  other: {}").write(to: file, atomically: true, encoding: .utf8)
            let other = await ask("plan", file.path, "--profile", "other", of: file)
            #expect(other.status == 1 && other.output.isEmpty)
            #expect(other.error.hasPrefix("error: the running gateway has the profile dev, and"), "\(other)")
        }
    }

    @Test(arguments: [
        (Data(), ":1:1: error[missing-key]: the file is empty\n"), (Data([0x61, 0x3A, 0x20, 0xFF]), ":1:4: error[encoding]"),
        (Data(repeating: 0x20, count: (1 << 20) + 1), ":1:1: error[too-long]: the file is larger than 1MiB"),
    ])
    func `a plan of what is no configuration says so as check does, without a gateway`(_ data: Data, _ finding: String) async throws {
        try await withConfiguration(Self.configuration) { file in
            let new = URL(filePath: file).deletingLastPathComponent().appending(path: "new.yaml")
            try data.write(to: new)
            let plan = await ask("plan", new.path, of: URL(filePath: file))
            #expect(plan.status == 78 && plan.error.hasPrefix(new.path + finding) && plan.error.contains("help: "), "\(plan)")
        }
    }

    @Test func `a plan reads a pipe`() async throws {
        try await withGateway { file, _ in
            let pipe = file.deletingLastPathComponent().appending(path: "pipe")
            #expect(mkfifo(pipe.path, 0o600) == 0)
            // Whoever opens a pipe waits for the other end, on a thread that no task needs.
            DispatchQueue.global().async { try? Self.configuration.write(to: pipe, atomically: false, encoding: .utf8) }
            let plan = await ask("plan", pipe.path, of: file)
            #expect(plan.status == 0 && plan.output.hasPrefix("the configuration is the same"), "\(plan)")
        }
    }

    @Test func `another secret is a change whose values are not told`() async throws {
        try await withConfiguration(Self.configuration.replacing("${SECRET}", with: "${file:secret.txt}"), files: ["secret.txt": first]) {
            file in
            let gateway = Program()
            let running = Task { await gateway.run("run", "-c", file) }
            _ = await gateway.error.line(with: "listening on http")
            try second.write(
                to: URL(filePath: file).deletingLastPathComponent().appending(path: "secret.txt"), atomically: true, encoding: .utf8)
            let reload = Program()
            #expect(await reload.run("reload", "-c", file) == 0)
            #expect(reload.output.text.contains("modules.jwt.secret: \"***\" → \"***\""))
            #expect(!reload.output.text.contains(first) && !reload.output.text.contains(second))
            gateway.signal(SIGTERM)
            #expect(await running.value == 0)
        }
    }

    @Test func `other keys in the same file are another configuration`() async throws {
        let text = Self.configuration.replacing("jwt: {secret: \"${SECRET}\"}", with: "jwt: {secret_file: jwt.secret}")
        try await withConfiguration(text, files: ["jwt.secret": first]) { file in
            let gateway = Program()
            let running = Task { await gateway.run("run", "-c", file) }
            _ = await gateway.error.line(with: "listening on http")
            let reload = Program()
            #expect(await reload.run("reload", "-c", file) == 0)
            #expect(reload.output.text.contains("the same"))
            try second.write(
                to: URL(filePath: file).deletingLastPathComponent().appending(path: "jwt.secret"), atomically: true, encoding: .utf8)
            #expect(await reload.run("reload", "-c", file) == 0)
            #expect(reload.output.text.contains("jwt.secret, with other content"))
            gateway.signal(SIGTERM)
            #expect(await running.value == 0)
        }
    }

    @Test func `a secret that the start has made is no change`() async throws {
        let text = Self.configuration.replacing(
            "jwt: {secret: \"${SECRET}\"}", with: "jwt: {secret_file: data/made.secret, create_secret: true}")
        try await withConfiguration(text) { file in
            let gateway = Program()
            let running = Task { await gateway.run("run", "-c", file) }
            _ = await gateway.error.line(with: "listening on http")
            // The gateway is asked a moment before it knows that it serves.
            let reload = Program()
            try await eventually("it is asked") { await reload.run("reload", "-c", file) == 0 }
            #expect(reload.output.text.contains("the same"))
            gateway.signal(SIGTERM)
            #expect(await running.value == 0)
        }
    }

    @Test func `a file that the command line cannot read is told, and that the gateway goes on`() async throws {
        try await withGateway { file, _ in
            try Self.configuration.replacing("jwt: {", with: "jwt: {lewaey: 7s, ").write(to: file, atomically: true, encoding: .utf8)
            let refused = await ask("reload", of: file)
            #expect(
                refused.status == 78 && refused.error.contains("the running gateway was not asked: it serves on as it is"), "\(refused)")
        }
    }

    @Test func `a hangup reloads`() async throws {
        try await withGateway { file, gateway in
            try Self.stricter.write(to: file, atomically: true, encoding: .utf8)
            // The admin API answers a little before signals are heeded.
            try await eventually("it is reloaded") {
                gateway.hangUp()
                return gateway.error.text.contains("configuration reloaded")
            }
            #expect(gateway.error.text.contains("SIGHUP"))
        }
    }

    @Test func `where no gateway runs, reload and plan say so`() async throws {
        try await withConfiguration(Self.configuration) { file in
            for verb in [["reload"], ["plan", file]] {
                let program = Program(environment: workingEnvironment)
                #expect(await program.run(verb + ["-c", file]) == 1)
                #expect(program.error.text.contains("no gateway runs"))
            }
        }
    }

    private let first = "the first secret of two, 32 bytes or more"
    private let second = "the second secret of two, 32 bytes or more"
}
