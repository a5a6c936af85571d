import Foundation
import GatewayTestKit
import Testing

/// Reloads of the real program.
struct ReloadProcessSpec {
    // Promise: reload.verb, reload.hangup, reload.watch
    @Test(arguments: ["verb", "hangup", "watch"]) func `a changed file reaches who is connected`(way: String) async throws {
        try await withGateway(way == "watch" ? ["--watch"] : []) { gateway, file in
            let client = try await client(gateway.port)
            try await client.subscribe("secret", "open")
            let changed = try configuration(denied: "secret")
            try changed.write(to: file, atomically: true, encoding: .utf8)
            if way == "verb" {
                let (status, text) = try await run(["reload"], file)
                #expect(status == 0 && text.hasPrefix("reloaded: 1 change, 1 subscription ended\n"), "\(text)")
            }
            if way == "hangup" { gateway.program.hangUp() }
            let ended = try await client.expect("unsubscribed")
            #expect(ended["topic"]?.string == "secret" && ended["details"]?["reason"]?.string == "forbidden")
            try await client.publishAcknowledged("secret")
            client.publish("open", 1)
            try await client.expectMessage("open", 1)
            // What is wrong is told, and nothing else happens.
            try "version: 2\n".write(to: file, atomically: true, encoding: .utf8)
            if way == "verb" { #expect(try await run(["reload", "--socket", socket(file)], file).status == 78) }
            if way == "hangup" { gateway.program.hangUp() }
            try await eventually("it is refused") { gateway.program.text.contains("configuration refused") }
            try await client.expectNothingElse()
        }
    }

    // Promise: reload.hangup
    @Test func `a hangup before the configuration is read does not end the program`() async throws {
        let pipe = FileManager.default.temporaryDirectory.appending(path: "spec-\(UUID().uuidString)")
        #expect(mkfifo(pipe.path, 0o600) == 0)
        defer { try? FileManager.default.removeItem(at: pipe) }
        let program = try gatewayProgram(["run", "-c", pipe.path])
        // It opens once the gateway reads.
        let writer = try await Task { try FileHandle(forWritingTo: pipe) }.value
        program.hangUp()
        try writer.write(contentsOf: Data("version: 2\n".utf8))
        try writer.close()
        #expect(try await program.exitCode() == 78)
        #expect(program.text.contains("error["), "\(program.text)")
    }

    // Promise: reload.plan
    @Test func `a plan tells who would lose what`() async throws {
        try await withGateway([]) { gateway, file in
            let clients = [try await client(gateway.port), try await client(gateway.port)]
            for client in clients { try await client.subscribe("secret") }
            let new = file.deletingLastPathComponent().appending(path: "new.yaml")
            try configuration(denied: "secret").write(to: new, atomically: true, encoding: .utf8)
            let (status, text) = try await run(["plan", new.path], file)
            #expect(status == 0 && text.contains("2 connections lose secret"), "\(text)")
            for client in clients { try await client.expectNothingElse() }
        }
    }
}

private let secret = "a secret for tests alone, 32 bytes or more"
private let environment = ["SECRET": secret]

private func configuration(denied: String) throws -> String {
    """
    version: 1
    server: {host: 127.0.0.1, port: 0, event_loops: 2}
    admin: {port: 0, socket: gateway.sock}
    pipeline: {auth: [jwt], route: [authorization], pubsub: memory}
    modules:
      jwt: {secret: "${SECRET}"}
      authorization:
        rules:
          - {deny: [subscribe], topics: ["\(denied)"]}
          - {allow: [subscribe, publish], topics: ["**"]}
    """
}

private func socket(_ file: URL) -> String { file.deletingLastPathComponent().appending(path: "gateway.sock").path }

private func withGateway(_ options: [String], _ body: (GatewayProcess, URL) async throws -> Void) async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "spec-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "gateway.yaml")
    try configuration(denied: "nothing").write(to: file, atomically: true, encoding: .utf8)
    let gateway = try await GatewayProcess(configuration: file, environment: environment, arguments: options)
    try await body(gateway, file)
    gateway.program.terminate()
    #expect(try await gateway.program.exitCode() == 0, "\(gateway.program.text)")
}

private func run(_ arguments: [String], _ file: URL) async throws -> (status: Int32, text: String) {
    let program = try gatewayProgram(arguments + ["-c", file.path])
    return (try await program.exitCode(), program.text)
}

private func gatewayProgram(_ arguments: [String]) throws -> Program {
    let gateway = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent().appending(path: "gateway").path
    return try Program(gateway, arguments, from: "it by swift build --build-tests", environment: environment)
}

private func client(_ port: Int) async throws -> TestClient {
    let client = try await TestClient.connect(port: port)
    let now = Date().timeIntervalSince1970.rounded(.down)
    try await client.authenticate(
        try await signed(["sub": "alice", "iat": .number(now), "exp": .number(now + 3600)], secret: secret))
    return client
}
