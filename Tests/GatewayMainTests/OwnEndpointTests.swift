import GatewayConfiguration
import GatewayServer
import Glibc
import Testing

@testable import GatewayMain

/// `gateway connect` without a URL.
struct OwnEndpointTests {
    private static let withSocket = workingConfiguration.replacing("admin: {port: 0}", with: "admin: {port: 0, socket: gateway.sock}")

    @Test func `the gateway that runs is found by its admin socket, without the variables of its modules`() async throws {
        try await withConfiguration(Self.withSocket) { file in
            let gateway = Program(environment: workingEnvironment)
            let running = Task { await gateway.run("run", "-c", file, "--profile", "dev", "--set", "server.path=/live") }
            let port = try #require(await gateway.error.line(with: "listening on http://127.0.0.1:").split(separator: ":").last)
            let client = Program()
            #expect(await client.run("connect", "-c", file, "--token", "x.y.z") == 1)
            #expect(client.error.text.contains("connected to ws://localhost:\(port)/live"))
            gateway.signal(SIGTERM)
            #expect(await running.value == 0)
        }
    }

    @Test(arguments: [
        ("port: 4000", "ws://localhost:4000/ws"), ("host: 0.0.0.0, port: 4000, path: /live", "ws://localhost:4000/live"),
        ("host: 192.0.2.1", "ws://192.0.2.1:3000/ws"), ("host: '2001:db8::1'", "ws://[2001:db8::1]:3000/ws"),
        ("host: example.com, tls: {certificate: a.pem, key: b.pem}", "wss://example.com:3000/ws"),
    ])
    func `where none runs, the configuration says where`(_ server: String, _ wanted: String) async throws {
        let own = own(Self.withSocket.replacing("host: 127.0.0.1, port: 0, event_loops: 1", with: server))
        #expect(try await own.url().text == wanted)
        #expect(own.complaint == nil)
    }

    @Test func `the profile dev and --set count`() async throws {
        try await withConfiguration(workingConfiguration.replacing("dev: {}", with: "dev: {server: {port: 1}}")) { file in
            let program = Program()
            #expect(await program.run("connect", "-c", file) == 1)
            #expect(await program.run("connect", "-c", file, "--set", "server.path=/live", "--set", "server.host=127.0.0.2") == 1)
            #expect(program.error.text.contains("nothing listens on localhost:1"))
            #expect(program.error.text.contains("nothing listens on 127.0.0.2:1"))
        }
    }

    @Test func `errors of the configuration are said, and keep nobody from the standard address`() async throws {
        let own = own("sever: {port: 4000}\n" + workingConfiguration)
        #expect(try await own.url().text == ConnectURL.standard)
        #expect(own.complaint?.hasPrefix("gateway.yaml does not tell where to connect") == true)
    }

    @Test func `a file that is asked for and not there is said`() async throws {
        let own = own(nil, file: "/nowhere/gateway.yaml")
        #expect(try await own.url().text == ConnectURL.standard)
        #expect(own.complaint?.hasPrefix("/nowhere/gateway.yaml does not tell where to connect") == true)
    }

    @Test func `any free port is known to a gateway that runs alone`() async throws {
        await #expect(throws: CommandFailure.self) { try await own(Self.withSocket).url() }
    }

    /// With the configuration of a text, of which no gateway runs; of the file without a text.
    private func own(_ text: String?, file: String = "gateway.yaml") -> OwnEndpoint {
        var request = ConfigurationRequest(file: file, text: text.map { Array($0.utf8) })
        request.baseFolder = "/nowhere"
        request.isNeeded = { _ in false }
        return OwnEndpoint(configuration: ConfigurationLoader.load(CoreSettings.self, request, modules: BuiltInModules.all))
    }
}
