import Foundation
import GatewayTestKit
import Testing

/// The document's sample clients, as they stand in it, against a gateway.
struct ExamplesSpec {
    private static let absent: Comment = "the API document is not here; name it by API_DOCUMENT to run its samples"

    // Promise: examples.javascript
    @Test(.enabled(if: APIDocument.isThere, absent), arguments: eventLoops)
    func `the JavaScript client connects, authenticates, subscribes, publishes, receives and closes`(loops: Int) async throws {
        let sample = try APIDocument.code("javascript", from: "class WebSocketClient {")
        let program = "globalThis.WebSocket = require('ws').WebSocket;\n\(sample)\nconst Client = WebSocketClient;\n\(try talk)"
        try await run(program, loops: loops)
    }

    // Promise: examples.typescript
    @Test(.enabled(if: APIDocument.isThere, absent), arguments: eventLoops)
    func `the TypeScript client connects, authenticates, subscribes, publishes, receives and closes`(loops: Int) async throws {
        let sample = try APIDocument.code("typescript", from: "import { WebSocket }")
        let talk = try talk
        let source = JSON.array([.string("\(sample)\nconst Client: any = TypedWebSocketClient;\n\(talk)")]).text
        let program = """
            const ts = require('typescript');
            const options = { compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2020 } };
            module._compile(ts.transpileModule(\(source)[0], options).outputText, __filename);
            """
        try await run(program, loops: loops)
    }

    // Promise: examples.login
    @Test(.enabled(if: APIDocument.isThere, absent), arguments: eventLoops)
    func `the client logs in, connects with its token, and receives what is posted over HTTP`(loops: Int) async throws {
        let sample = try APIDocument.code("javascript", from: "class WebSocketClient {")
        let program =
            "globalThis.WebSocket = require('ws').WebSocket;\n\(sample)\nconst Client = WebSocketClient;\n\(try Self.sample("login.js"))"
        try await withGateway(withAccounts, loops: loops) { gateway in
            let result = try await Self.result(program, gateway)
            #expect(result["login"] == 200)
            #expect(result["posted"] == 201)
            #expect(result["same"] == true)
            #expect(result["message"]?["data"]?["content"] == "Hello from HTTP!")
            #expect(result["message"]?["metadata"]?["senderConnectionId"] == .null)
        }
    }

    // Promise: examples.curl
    @Test func `curl logs in with the document's user`() async throws {
        try await withGateway(withAccounts) { gateway in
            let curl = try Program(
                "curl",
                [
                    "--silent", "--request", "POST", "http://127.0.0.1:\(gateway.port)/api/auth/login", "--header",
                    "Content-Type: application/json", "--data", #"{"email": "user@example.com", "password": "password123"}"#,
                ], from: "the Debian package curl")
            #expect(try await curl.exitCode() == 0, "\(curl.text)")
            let answer = try JSON(parsing: curl.text)
            #expect(answer["success"] == true)
            #expect(answer["data"]?["accessToken"]?.string?.split(separator: ".").count == 3)
            #expect(answer["data"]?["refreshToken"] != nil)
        }
    }

    private var talk: String { get throws { try Self.sample("talk.js") } }

    private static func sample(_ name: String) throws -> String {
        try String(contentsOf: packageRoot.appending(path: "Tests/SpecTests/Samples/\(name)"), encoding: .utf8)
    }

    /// Runs a program under node and answers what it printed as its result.
    private static func result(_ program: String, _ gateway: TestGateway) async throws -> JSON {
        let folder = try NodeFolder(program)
        let environment = [
            "GATEWAY_URL": "ws://127.0.0.1:\(gateway.port)/ws", "GATEWAY_HTTP": "http://127.0.0.1:\(gateway.port)",
            "GATEWAY_TOKEN": try await gateway.token("550e8400"),
        ]
        let node = try Program("node", ["main.js"], from: "the Debian package nodejs", environment: environment, in: folder.url)
        #expect(try await node.exitCode() == 0, "\(node.text)")
        let line = try #require(node.text.split(separator: "\n").first { $0.hasPrefix("RESULT ") }, "\(node.text)")
        return try JSON(parsing: String(line.dropFirst(7)))
    }

    private func run(_ program: String, loops: Int) async throws {
        try await withGateway(loops: loops) { gateway in
            let result = try await Self.result(program, gateway)
            #expect(result["refused"] == "Invalid token")
            #expect(
                result["topics"] == [
                    "subscribed messages.channel.general", "subscribed messages.user.*", "message messages.channel.general",
                    "message messages.user.456",
                ])
            #expect(result["data"] == ["content": "Hello from WebSocket!"])
            #expect(result["metadata"]?["priority"] == "normal")
            #expect(result["metadata"]?["senderId"] == "550e8400")
            #expect(result["code"] == 1000)
        }
    }
}

/// The API document, read when the tests run: its text is no part of this repository.
private enum APIDocument {
    static let url =
        ProcessInfo.processInfo.environment["API_DOCUMENT"].map { URL(filePath: $0) }
        ?? packageRoot.appending(path: "../shared/design/websocket-api.md").standardizedFileURL

    static var isThere: Bool { FileManager.default.fileExists(atPath: url.path) }

    /// A sample's code from a line that begins so to the end of its last class: what stands at its top but for the usage below.
    static func code(_ language: String, from start: String) throws -> String {
        let blocks = try String(contentsOf: url, encoding: .utf8).components(separatedBy: "```\(language)\n").dropFirst()
        for block in blocks {
            let lines = block.components(separatedBy: "\n```")[0].components(separatedBy: "\n")
            guard let first = lines.firstIndex(where: { $0.hasPrefix(start) }), let last = lines.lastIndex(of: "}"), first < last else {
                continue
            }
            return lines[first...last].joined(separator: "\n")
        }
        throw Unmet(what: "a \(language) sample with '\(start)' in \(url.path)")
    }
}

/// A folder with a program and the node packages that Debian has.
private final class NodeFolder {
    let url = FileManager.default.temporaryDirectory.appending(path: "spec-node-\(UUID().uuidString)")

    init(_ program: String) throws {
        let modules = url.appending(path: "node_modules")
        try FileManager.default.createDirectory(at: modules, withIntermediateDirectories: true)
        for name in ["ws", "typescript"] {
            let package = URL(filePath: "/usr/share/nodejs/\(name)")
            guard FileManager.default.fileExists(atPath: package.path) else {
                throw Missing(name: package.path, package: "the Debian package node-\(name)")
            }
            try FileManager.default.createSymbolicLink(at: modules.appending(path: name), withDestinationURL: package)
        }
        try program.write(to: url.appending(path: "main.js"), atomically: true, encoding: .utf8)
    }

    deinit { try? FileManager.default.removeItem(at: url) }
}
