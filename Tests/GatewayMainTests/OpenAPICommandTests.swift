import GatewayKit
import GatewayTestKit
import Testing

@testable import GatewayMain

@Suite struct OpenAPICommandTests {
    private let configuration = workingConfiguration.replacing("port: 0, event_loops", with: "port: 4000, event_loops")
        .replacing("pubsub: memory", with: "pubsub: memory\n  http: [ledger, ledger/second]")
        .replacing("modules:", with: "modules:\n  ledger/second: {path: /second}")

    @Test func `the document has the routes of pipeline.http, in the configuration's words`() async throws {
        let document = try JSON(parsing: try await print())
        #expect(document["openapi"] == "3.1.0")
        #expect(document["info"] == ["title": "gateway", "version": .string(GatewayVersion.current)])
        #expect(document["servers"] == [["url": "http://127.0.0.1:4000"]])
        #expect(document["paths"]?.members?.keys.sorted() == ["/ledger", "/livez", "/readyz", "/second"])
    }

    @Test func `clients may reach the API elsewhere`() async throws {
        let document = try JSON(parsing: try await print("--server", "https://api.example.com"))
        #expect(document["servers"] == [["url": "https://api.example.com"]])
    }

    @Test func `a port that nobody knows yet leaves the server open`() async throws {
        #expect(try JSON(parsing: try await print("--set", "server.port=0"))["servers"] == [["url": "/"]])
    }

    @Test func `a module that cannot be made is an error with its place`() async throws {
        let program = Program(environment: workingEnvironment, modules: BuiltInModules.all + [Ledger.self])
        let status = try await withConfiguration(configuration.replacing("{path: /second}", with: "{path: /broken}")) {
            await program.run("openapi", "-c", $0)
        }
        #expect(status == 78)
        #expect(program.error.text.contains("modules.ledger/second.path: nothing is here"))
        #expect(program.output.lines.isEmpty)
    }

    @Test func `two modules at one path are an error`() async throws {
        let program = Program(environment: workingEnvironment, modules: BuiltInModules.all + [Ledger.self])
        let status = try await withConfiguration(configuration.replacing("{path: /second}", with: "{path: /ledger}")) {
            await program.run("openapi", "-c", $0)
        }
        #expect(status == 78)
        #expect(program.error.text.contains("GET /ledger and GET /ledger answer the same"))
    }

    private func print(_ arguments: String...) async throws -> String {
        let program = Program(environment: workingEnvironment, modules: BuiltInModules.all + [Ledger.self])
        let status = try await withConfiguration(configuration) { await program.run(["openapi", "-c", $0] + arguments) }
        #expect(status == 0, "\(program.error.text)")
        return program.output.text
    }
}

private struct LedgerSettings: Settings {
    var path: HTTPPath = "/ledger"
    static let fields: [SettingField<Self>] = [SettingField("path", \.path, "The path of the ledger.")]
}

/// Needs what the module `jwt` provides, and must never be started.
private struct Ledger: HTTPModule {
    static let name = "ledger"
    static let summary = "Answers at one path."
    static let requires = [Capability.tokenIssuer.name]
    let routes: [HTTPRoute]

    init(settings: LedgerSettings, context: ModuleContext) throws {
        _ = try context.capability(.tokenIssuer)
        guard settings.path != "/broken" else { throw ModuleError("nothing is here", setting: "path") }
        routes = [
            HTTPRoute(.get, settings.path, HTTPOperation("readLedger", "Reads.", answers: [.init(200, "All of it.")])) { _ in
                HTTPResponse(status: 200)
            }
        ]
    }

    func start() async throws { Issue.record("a module was started") }
}
