import Foundation
import GatewayTestKit
import Testing

/// The admin listener and its Unix socket, as the program opens them.
struct AdminSpec {
    // Promise: admin.token, admin.host
    @Test func `on the port everything but health needs the token, and a Host that is ours`() async throws {
        try await withProgram { gateway, _ in
            let token = try #require(gateway.program.text.line(behind: "admin token, for this run alone: "))
            let client = try await TestClient.open(port: gateway.adminPort)
            let good = ("Authorization", "Bearer \(token)")
            #expect(try await client.request("GET", "/livez").status == 200)
            #expect(try await client.request("GET", "/readyz").status == 200)
            let refused = try await client.request("GET", "/metrics")
            #expect(refused.status == 401)
            #expect(refused["www-authenticate"] == "Bearer")
            let other = token.dropLast() + (token.hasSuffix("0") ? "1" : "0")
            #expect(try await client.request("GET", "/metrics", [("Authorization", "Bearer \(other)")]).status == 401)
            let metrics = try await client.request("GET", "/metrics", [good, ("Origin", "https://evil.example")])
            #expect(metrics.body.contains("gateway_connections 0"))
            #expect(metrics["access-control-allow-origin"] == nil)
            client.sendRaw("GET /metrics HTTP/1.1\r\nHost: evil.example\r\nAuthorization: Bearer \(token)\r\n\r\n")
            #expect(try await client.response().status == 421)
            #expect(try await client.request("GET", "/admin/v1/openapi.json", [good]).json["openapi"] == "3.1.0")
            #expect(try await client.request("GET", "/ws", [good]).status == 404)
        }
    }

    // Promise: admin.socket
    @Test func `the socket is its owner's alone, needs no token, and is never another process's`() async throws {
        try await withProgram { gateway, configuration in
            let socket = configuration.deletingLastPathComponent().appending(path: "data/gateway.sock").path
            let mode = try FileManager.default.attributesOfItem(atPath: socket)[.posixPermissions] as? Int
            #expect(mode == 0o600)
            #expect(try await curl(socket, "/admin/v1/connections").contains(#""success":true"#))
            // A second gateway on the same socket ends, and the first goes on.
            let second = try gatewayProgram(configuration)
            #expect(try await second.exitCode() != 0)
            #expect(second.text.contains("another process listens on"))
            #expect(try await curl(socket, "/livez").contains("live"))
            // What a process left that has gone is replaced.
            gateway.program.kill()
            _ = try await gateway.program.exitCode()
            #expect(FileManager.default.fileExists(atPath: socket))
            let again = try await GatewayProcess(configuration: configuration, arguments: arguments)
            #expect(try await curl(socket, "/livez").contains("live"))
            again.program.terminate()
            #expect(try await again.program.exitCode() == 0, "\(again.program.text)")
        }
    }
}

private let arguments = ["--profile", "dev", "--set", "server.port=0", "--set", "admin.port=0"]

private func withProgram(_ body: (GatewayProcess, URL) async throws -> Void) async throws {
    let configuration = try copyOfConfiguration()
    defer { try? FileManager.default.removeItem(at: configuration.deletingLastPathComponent()) }
    let gateway = try await GatewayProcess(configuration: configuration, arguments: arguments)
    try await eventually("the token is printed") { gateway.program.text.contains("for this run alone: ") }
    try await body(gateway, configuration)
    if gateway.program.isRunning { gateway.program.terminate() }
    _ = try await gateway.program.exitCode()
}

private func gatewayProgram(_ configuration: URL) throws -> Program {
    let folder = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
    return try Program(
        folder.appending(path: "gateway").path, ["run", "-c", configuration.path] + arguments, from: "it by swift build --build-tests")
}

private func curl(_ socket: String, _ path: String) async throws -> String {
    let curl = try Program(
        "curl", ["--silent", "--unix-socket", socket, "http://localhost\(path)"], from: "the Debian package curl")
    #expect(try await curl.exitCode() == 0, "\(curl.text)")
    return curl.text
}

extension GatewayProcess {
    /// The admin port that its log names.
    fileprivate var adminPort: Int {
        program.text.line(behind: "admin API on http://127.0.0.1:").flatMap { Int($0.prefix { $0.isNumber }) } ?? 0
    }
}

extension String {
    /// What stands behind a text on its line.
    fileprivate func line(behind text: String) -> String? {
        range(of: text).map { String(self[$0.upperBound...].prefix { $0 != "\n" }) }
    }
}
