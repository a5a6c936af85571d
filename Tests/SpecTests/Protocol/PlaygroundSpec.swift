import Foundation
import GatewayTestKit
import Testing

/// The page of the module `playground` in a real browser, served by the program that people run in the profile that they begin with.
struct PlaygroundSpec {
    @Test func `two clients log in on the page, and the one sees what the other sends on the socket and over HTTP`() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "spec-playground-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        // A copy: what the profile keeps under data/ stands beside its file.
        let configuration = folder.appending(path: "gateway.yaml")
        try FileManager.default.copyItem(at: packageRoot.appending(path: "gateway.yaml"), to: configuration)
        let gateway = try await GatewayProcess(
            configuration: configuration, arguments: ["--profile", "dev", "--set", "server.port=0", "--set", "admin.port=0"])
        try await eventually("the start names the page") {
            gateway.program.text.contains("Try it in a browser: http://localhost:\(gateway.port)/\n")
        }
        let browser = try Program(
            "node",
            [packageRoot.appending(path: "Tests/SpecTests/Samples/playground.js").path, "http://127.0.0.1:\(gateway.port)/"],
            from: "the Debian packages nodejs, node-ws and chromium", environment: ["NODE_PATH": "/usr/share/nodejs"])
        #expect(try await browser.exitCode() == 0, "\(browser.text)")
        gateway.program.terminate()
        #expect(try await gateway.program.exitCode() == 0, "\(gateway.program.text)")
    }
}
