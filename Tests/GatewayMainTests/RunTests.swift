import Foundation
import GatewayKit
import GatewayServer
import Testing

@testable import GatewayMain

/// `gateway run` and `gateway connect` with each other, over a real socket.
@Suite struct RunTests {
    /// Runs a gateway for the time of `body`, which gets its URL, and ends it by SIGTERM.
    private func withGateway(_ body: (_ url: String, _ file: String, _ gateway: Program) async throws -> Void) async throws {
        try await withConfiguration(workingConfiguration) { file in
            let gateway = Program(environment: workingEnvironment)
            let running = Task { await gateway.run("run", "-c", file, "--profile", "dev") }
            let line = await gateway.error.line(with: "listening on http://127.0.0.1:")
            let port = line.drop { $0 != "1" }.split(separator: ":").last.flatMap { Int($0) }
            let result = await Swift.Result { try await body("ws://127.0.0.1:\(try #require(port))/ws", file, gateway) }
            gateway.signal(SIGTERM)
            #expect(await running.value == 0)
            #expect(gateway.error.text.contains("gateway stopped"))
            try result.get()
        }
    }

    @Test func `a subscriber gets what a publisher sends`() async throws {
        try await withGateway { url, file, _ in
            let alice = Program(environment: workingEnvironment)
            let listening = Task { await alice.run("connect", url, "-c", file, "--user", "alice", "--subscribe", "messages.**") }
            _ = await alice.output.line(with: #""type":"subscribed""#)
            let bob = Program(environment: workingEnvironment)
            #expect(await bob.run("connect", url, "-c", file, "--user", "bob", "--publish", "messages.a", #"{"content":"Hello"}"#) == 0)
            let message = await alice.output.line(with: #""type":"message""#)
            #expect(message.contains(#""data":{"content":"Hello"}"#))
            #expect(message.contains(#""senderId":"bob""#))
            alice.signal(SIGINT)
            #expect(await listening.value == 0)
        }
    }

    @Test func `a negative number can be published`() async throws {
        try await withGateway { url, file, _ in
            let program = Program(environment: workingEnvironment)
            #expect(await program.run("connect", url, "-c", file, "--user", "bob", "--publish", "messages.a", "-1.5") == 0)
        }
    }

    @Test func `a refused subscription is status 1 and says why`() async throws {
        try await withGateway { url, file, _ in
            let program = Program(environment: workingEnvironment)
            #expect(await program.run("connect", url, "-c", file, "--user", "alice", "--subscribe", "admin") == 1)
            #expect(program.error.text.contains("403 forbidden"))
        }
    }

    @Test(arguments: ["[1,]", String(repeating: "[", count: 40) + String(repeating: "]", count: 40)])
    func `what is no JSON to the gateway is status 1 before anything is sent`(_ text: String) async {
        let program = Program()
        #expect(await program.run("connect", "ws://127.0.0.1:1/ws", "--publish", "messages.a", text) == 1)
        #expect(program.error.text.contains("is no JSON that the gateway reads"))
    }

    @Test func `a refused token is status 1 and says why`() async throws {
        try await withGateway { url, _, _ in
            let program = Program()
            #expect(await program.run("connect", url, "--token", "x.y.z") == 1)
            #expect(program.error.text.contains("malformed"))
        }
    }

    @Test func `a token by another secret is refused with the profile that it was made with`() async throws {
        try await withGateway { url, file, _ in
            let program = Program(environment: ["SECRET": String(repeating: "x", count: 32)])
            #expect(await program.run("connect", url, "-c", file, "--user", "alice") == 1)
            #expect(program.error.text.contains("help: the token was made with profile dev"))
        }
    }

    @Test func `what is typed is sent, and the end of input closes`() async throws {
        try await withGateway { url, _, _ in
            let program = Program()
            program.type("no JSON")
            program.type(#"{"type":"ping","id":"7"}"#)
            program.endInput()
            #expect(await program.run("connect", url) == 0)
            #expect(program.output.lines.contains { $0.contains(#""type":"pong""#) && $0.contains(#""requestId":"7""#) })
            #expect(program.error.text.contains("that is no JSON"))
        }
    }

    @Test func `a client that nobody reads from any more ends with status 0`() async throws {
        try await withGateway { url, file, _ in
            let program = Program(environment: workingEnvironment)
            let listening = Task { await program.run("connect", url, "-c", file, "--user", "alice", "--subscribe", "messages.**") }
            _ = await program.output.line(with: #""type":"subscribed""#)
            program.endOutput()
            #expect(await listening.value == 0)
        }
    }

    @Test func `another path is status 1 and names the endpoint`() async throws {
        try await withGateway { url, _, _ in
            let program = Program()
            #expect(await program.run("connect", url + "x") == 1)
            #expect(program.error.text.contains("HTTP 404"))
            #expect(program.error.text.contains("server.path"))
        }
    }

    @Test func `the hints of profile dev are commands that work`() async throws {
        try await withGateway { url, file, gateway in
            _ = await gateway.error.line(with: "Ctrl-C here ends the gateway")
            let hints = gateway.error.lines.filter { $0.contains(" connect ") }
            #expect(hints.count == 2)
            for hint in hints {
                #expect(hint.contains("cd "))
                #expect(hint.contains(".build/release/gateway connect \(url.replacing("127.0.0.1", with: "localhost")) -c \(file)"))
            }
        }
    }

    @Test func `the hints leave the URL out where the gateway is found without`() async throws {
        let text = workingConfiguration.replacing("admin: {port: 0}", with: "admin: {port: 0, socket: gateway.sock}")
        for override in ["server.path=/live", "admin.host=127.0.0.2", "admin.socket=another.sock"] {
            let program = Program(environment: workingEnvironment)
            try await withConfiguration(text) { file in
                let running = Task { await program.run("run", "-c", file, "--profile", "dev", "--set", override) }
                _ = await program.error.line(with: "Ctrl-C here ends the gateway")
                let isShort = program.error.text.contains("gateway connect -c \(file) --user alice")
                #expect(isShort == !override.hasPrefix("admin.socket"))
                program.signal(SIGTERM)
                #expect(await running.value == 0)
            }
        }
    }

    @Test(arguments: ["log.format=json", "server.enabled=false"])
    func `there are no hints where nobody could use them`(_ override: String) async throws {
        let program = Program(environment: workingEnvironment)
        try await withConfiguration(workingConfiguration) { file in
            let running = Task { await program.run("run", "-c", file, "--profile", "dev", "--set", override) }
            _ = await program.error.line(with: "listening on")
            program.signal(SIGTERM)
            #expect(await running.value == 0)
            #expect(!program.error.text.contains("two more terminals"))
        }
    }

    @Test func `with TLS the hints name the certificate to trust`() {
        var server = ServerSettings()
        server.tls = TLSSettings()
        server.tls?.certificate = FilePath("/etc/my certificate.pem")
        let text = DevelopmentHints(file: "gateway.yaml", overrides: [], server: server, port: 3000).text
        #expect(text.contains("wss://localhost:3000/ws"))
        #expect(text.components(separatedBy: "--ca '/etc/my certificate.pem'").count == 3)
    }

    @Test func `a connection that nobody accepts is status 1 and says what to check`() async {
        let program = Program()
        #expect(await program.run("connect", "ws://127.0.0.1:1/ws") == 1)
        #expect(program.error.text.contains("connection refused"))
        #expect(program.error.text.contains("listening on"))
    }

    @Test func `a port in use is status 78, told as check --live does`() async throws {
        try await withGateway { url, _, _ in
            let port = try #require(url.split(separator: ":").last?.split(separator: "/").first)
            let text = workingConfiguration.replacing("port: 0, event_loops", with: "port: \(port), event_loops")
            let finding = "gateway.yaml:2:33: error[listen]: server.port: cannot listen on 127.0.0.1:\(port): Address already in use"
            try await withConfiguration(text) { file in
                for arguments in [["run"], ["check", "--live"]] {
                    let program = Program(environment: workingEnvironment)
                    #expect(await program.run(arguments + ["-c", file]) == 78)
                    #expect(program.error.text.contains(finding), "\(program.error.text)")
                }
            }
        }
    }

    @Test(arguments: ["server", "admin"]) func `a start that does not get its port has started no module`(listener: String) async throws {
        try await withGateway { url, _, _ in
            let port = try #require(url.split(separator: ":").last?.split(separator: "/").first)
            let text = workingConfiguration.replacing("pubsub: memory", with: "pubsub: memory\n  http: [accounts]")
                .replacing("modules:", with: "modules:\n  accounts: {example_user: true, database: users.sqlite}")
            try await withConfiguration(text) { file in
                let users = URL(filePath: file).deletingLastPathComponent().appending(path: "users.sqlite").path
                let program = Program(environment: workingEnvironment)
                #expect(await program.run("run", "-c", file, "--set", "\(listener).port=\(port)") == 78)
                #expect(program.error.text.contains("\(listener).port"))
                #expect(!program.error.text.contains("example user") && !FileManager.default.fileExists(atPath: users))
            }
        }
    }

    @Test func `a second signal ends the drain at once, with status 1`() async throws {
        let program = Program(environment: workingEnvironment)
        try await withConfiguration(workingConfiguration) { file in
            let running = Task { await program.run("run", "-c", file, "--set", "server.drain.grace=10m") }
            _ = await program.error.line(with: "listening on")
            program.signal(SIGTERM)
            _ = await program.error.line(with: "draining")
            program.signal(SIGINT)
            #expect(await running.value == 1)
            #expect(program.error.text.contains("ended at once by a second signal (SIGINT)"))
        }
    }

    @Test func `a start without its secret is status 78 and serves nobody`() async throws {
        let program = Program()
        #expect(try await withConfiguration(workingConfiguration) { await program.run("run", "-c", $0) } == 78)
        #expect(program.error.text.contains("SECRET is not set"))
        #expect(!program.error.text.contains("listening"))
    }
}
