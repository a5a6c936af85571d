import Foundation
import GatewayTestKit
import Testing

/// What the command line does to a gateway that runs, by its admin socket.
struct CommandLineSpec {
    // Promise: admin.command_line
    @Test(arguments: ["remove ann@example.com", "passwd ann@example.com", "roles ann@example.com editor"])
    func `a change of a user closes the user's connections, and says how many`(verb: String) async throws {
        try await withFolder { configuration in
            // Without accounts of its own it hands over nothing that the verb has not yet.
            let gateway = try await GatewayProcess(
                configuration: configuration, environment: environment, arguments: ["--profile", "bare"])
            let ann = try await addUser("ann@example.com", configuration)
            let bob = try await addUser("bob@example.com", configuration)
            let clients = [try await client(ann, gateway.port), try await client(ann, gateway.port)]
            let other = try await client(bob, gateway.port)
            let (status, text) = try await user(verb, configuration)
            #expect(status == 0 && text == "2 connections closed\n")
            for client in clients {
                try await client.expectError(401, "revoked")
                try await client.expectClose(1008, "revoked")
            }
            try await other.expectNothingElse()
            gateway.program.terminate()
            #expect(try await gateway.program.exitCode() == 0, "\(gateway.program.text)")
            // What the gateway has left behind is no gateway.
            let (later, words) = try await user("remove bob@example.com", configuration)
            #expect(later == 0 && words.contains("nobody listens on"))
        }
    }

    // Promise: admin.command_line
    @Test func `a gateway with the same users may find the change itself, and is not said to have closed none`() async throws {
        try await withFolder { configuration in
            let gateway = try await GatewayProcess(configuration: configuration, environment: environment)
            let ann = try await addUser("ann@example.com", configuration)
            for number in 0..<3 {
                let client = try await client(ann, gateway.port)
                let (status, text) = try await user("roles ann@example.com role\(number)", configuration)
                #expect(status == 0 && honest.contains(text), "\(text)")
                try await client.expectError(401, "revoked")
                try await client.expectClose(1008, "revoked")
            }
            gateway.program.terminate()
            #expect(try await gateway.program.exitCode() == 0, "\(gateway.program.text)")
        }
    }

    @Test func `a client in a folder without a configuration connects to the standard address`() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "spec-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        // Told before it connects, so that no port of this machine matters.
        let program = try Program(gateway, ["connect", "--ca", "ca.pem"], from: "it by swift build --build-tests", in: folder)
        #expect(try await program.exitCode() == 1)
        #expect(program.text.hasPrefix("error: --ca is for wss, and ws://localhost:3000/ws is not\n"), "\(program.text)")
    }
}

/// The program, as it was built with these tests.
private let gateway = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
    .appending(path: "gateway").path
private let secret = "a secret for tests alone, 32 bytes or more"
private let environment = ["SECRET": secret]
/// What a verb may say of one connection where the gateway has accounts too.
private let honest = [
    "1 connection closed\n", "no connection was left to close\n",
    "the gateway that runs found the change before it was told, and closes the connections itself\n",
]

private func withFolder(_ body: (URL) async throws -> Void) async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "spec-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let configuration = folder.appending(path: "gateway.yaml")
    try """
    version: 1
    server: {host: 127.0.0.1, port: 0, event_loops: 2}
    admin: {port: 0, socket: gateway.sock}
    pipeline: {auth: [jwt], route: [authorization], pubsub: memory, http: [accounts]}
    modules:
      jwt: {secret: "${SECRET}"}
      authorization: {rules: []}
    profiles:
      bare: {pipeline: {http: []}}
    """.write(to: configuration, atomically: true, encoding: .utf8)
    try await body(configuration)
}

/// Adds a user and answers the id.
private func addUser(_ email: String, _ configuration: URL) async throws -> String {
    let (status, text) = try await user("add \(email)", configuration)
    let id = text.split(separator: "\n").last.map(String.init)
    return try #require(status == 0 ? id : nil, "\(text)")
}

/// `gateway user`, as a process of its own.
private func user(_ verb: String, _ configuration: URL) async throws -> (status: Int32, text: String) {
    let program = try Program(
        "bash", ["-c", "exec '\(gateway)' user \(verb) -c '\(configuration.path)' <<< 'a password of theirs'"], from: "a shell",
        environment: environment)
    return (try await program.exitCode(), program.text)
}

private func client(_ user: String, _ port: Int) async throws -> TestClient {
    let client = try await TestClient.connect(port: port)
    let now = Date().timeIntervalSince1970.rounded(.down)
    try await client.authenticate(
        try await signed(["sub": .string(user), "iat": .number(now), "exp": .number(now + 3600)], secret: secret))
    return client
}
