import Foundation
import GatewayKit
import Testing

@testable import GatewayMain

struct StartTests {
    @Test func `while modules start, the admin listener says so`() async throws {
        let file =
            workingConfiguration
            .replacing("admin: {port: 0}", with: "admin: {port: 0, socket: gateway.sock}")
            .replacing("accept: [ip_cap]", with: "accept: [ip_cap, slow_starter]")
        try await withConfiguration(file) { file in
            let program = Program(environment: workingEnvironment, modules: BuiltInModules.all + [SlowStarter.self])
            async let status = program.run("run", "-c", file)
            let socket = URL(filePath: file).deletingLastPathComponent().appending(path: "gateway.sock").path
            let client = AdminClient(socket: FilePath(socket))
            _ = await program.error.line(with: "admin API on \(socket)")
            #expect(try await client.call(.get, "/livez").status == 200)
            for path in ["/readyz", "/metrics", "/admin/v1/connections"] {
                let answer = try await client.call(.get, path)
                #expect(answer.status == 503)
                #expect(answer.json["error"]?["details"]?["reason"] == .string("starting"))
            }
            SlowStarter.gate.continuation.finish()
            _ = await program.error.line(with: "listening on http")
            #expect(try await client.call(.get, "/readyz").status == 200)
            #expect(try await client.call(.get, "/admin/v1/connections").status == 200)
            program.signal(SIGTERM)
            #expect(await status == 0)
        }
    }
}

/// Starts once the test lets it.
private struct SlowStarter: AcceptStage {
    static let name = "slow_starter"
    static let summary = "Takes its time."
    static let gate = AsyncStream.makeStream(of: Void.self)

    init(settings: NoSettings, context: ModuleContext) {}

    func start() async throws { for await _ in Self.gate.stream {} }

    func accept(_ connection: Connection) -> Verdict<HTTPRefusal> { .proceed }

    func released(_ connection: Connection) {}
}
