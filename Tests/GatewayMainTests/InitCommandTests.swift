import Foundation
import GatewayTestKit
import Testing

@testable import GatewayMain

@Suite struct InitCommandTests {
    /// A folder with nothing in it but what `gateway init` wrote.
    private func withStarter(
        files: [String: String] = [:], _ body: (_ file: String, _ program: Program) async throws -> Void
    ) async throws {
        try await withConfiguration("", files: files) { file in
            try FileManager.default.removeItem(atPath: file)
            let program = Program()
            #expect(await program.run("init", file) == 0, "\(program.error.text)")
            try await body(file, program)
        }
    }

    @Test func `the file is right in every profile, without a warning`() async throws {
        try await withStarter { file, _ in
            let bare = Program()
            #expect(await bare.run("check", "-c", file) == 0)
            #expect(bare.error.lines.isEmpty)
            let dev = Program()
            #expect(await dev.run("check", "-c", file, "--profile", "dev") == 0)
            #expect(dev.error.lines.isEmpty)
            let environment = ["JWT_SECRET": String(repeating: "s", count: 32), "APP_ORIGIN": "https://app.example.com"]
            let all = Program(environment: environment)
            #expect(await all.run("check", "-c", file, "--all-profiles") == 0)
            #expect(all.error.lines.isEmpty)
        }
    }

    @Test func `it says which variables prod needs, and those are all`() async throws {
        try await withStarter { file, _ in
            let text = try String(contentsOfFile: file, encoding: .utf8)
            #expect(text.contains("the variables that prod needs: JWT_SECRET and APP_ORIGIN"))
            let program = Program()
            #expect(await program.run("check", "-c", file, "--profile", "prod") == 78)
            #expect(program.error.text.contains("JWT_SECRET is not set") && program.error.text.contains("APP_ORIGIN is not set"))
            #expect(program.error.text.contains("2 errors"))
        }
    }

    @Test func `a gateway runs by it and delivers a message`() async throws {
        try await withStarter { file, _ in
            let gateway = Program()
            let options = ["-c", file, "--profile", "dev"]
            let running = Task {
                await gateway.run(["run"] + options + ["--set", "server.port=0", "--set", "admin.port=0", "--set", "server.event_loops=1"])
            }
            let line = await gateway.error.line(with: "listening on http://127.0.0.1:")
            let url = try #require(line.split(separator: ":").last.map { "ws://127.0.0.1:\($0)/ws" })
            let alice = Program()
            let listening = Task {
                await alice.run(["connect", url] + options + ["--user", "alice", "--subscribe", "messages.channel.general"])
            }
            _ = await alice.output.line(with: #""type":"subscribed""#)
            let bob = Program()
            let sent = await bob.run(["connect", url] + options + ["--user", "bob", "--publish", "messages.channel.general", "1"])
            #expect(sent == 0, "\(bob.error.text)")
            #expect(await alice.output.line(with: #""type":"message""#).contains(#""data":1"#))
            alice.signal(SIGINT)
            #expect(await listening.value == 0)
            gateway.signal(SIGTERM)
            #expect(await running.value == 0)
        }
    }

    @Test func `a file that is there stays as it is`() async throws {
        try await withConfiguration("mine") { file in
            let program = Program()
            #expect(await program.run("init", file) == 1)
            #expect(program.error.text.hasSuffix("is there already\nhelp: name another file: gateway init FILE"))
            let text = try String(contentsOfFile: file, encoding: .utf8)
            #expect(text == "mine")
        }
    }

    @Test func `a folder that is not there is named`() async {
        let program = Program()
        #expect(await program.run("init", "/nonexistent/gateway.yaml") == 1)
        #expect(program.error.text.hasPrefix("error: cannot write /nonexistent/gateway.yaml: its folder is not there"))
    }

    @Test func `the next commands name the file`() async throws {
        try await withStarter { file, program in
            #expect(program.output.text.contains("  .build/release/gateway run -c \(file) --profile dev\n"))
            #expect(program.output.text.contains("  .build/release/gateway connect -c \(file) --user alice"))
        }
    }

    @Test func `an editor is told of the schema where there is one`() async throws {
        try await withStarter { file, _ in
            let text = try String(contentsOfFile: file, encoding: .utf8)
            #expect(!text.contains("yaml-language-server"))
        }
        try await withStarter(files: ["gateway.schema.json": "{}"]) { file, _ in
            let text = try String(contentsOfFile: file, encoding: .utf8)
            #expect(text.hasPrefix("# yaml-language-server: $schema=gateway.schema.json\n"))
        }
    }
}
