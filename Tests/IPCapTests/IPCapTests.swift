import GatewayKit
import GatewayTestKit
import IPCapModule
import Testing

struct IPCapTests {
    private let tester = ModuleTester()

    @Test func `its declarations are complete`() {
        #expect(SettingsTester.defects(of: IPCap.self) == [])
    }

    @Test func `connections up to the cap proceed, the next is refused with 429`() throws {
        let cap = try tester.make(IPCap.self, "{max_connections: 3}")
        for _ in 0..<3 { #expect(cap.accept(tester.connect().connection).proceeds) }
        let message = "Too many connections from this address"
        let expected = HTTPRefusal(status: 429, .rateLimited, message, retryAfter: .seconds(5), maxWaiting: 3)
        #expect(cap.accept(tester.connect().connection).refusal == expected)
        #expect(cap.accept(tester.connect(from: "192.0.2.2").connection).proceeds)
    }

    @Test func `a connection that closes makes room for one`() throws {
        let cap = try tester.make(IPCap.self, "{max_connections: 1}")
        let first = tester.connect()
        #expect(cap.accept(first.connection).proceeds)
        cap.released(first.connection)
        #expect(cap.accept(tester.connect().connection).proceeds)
        #expect(!cap.accept(tester.connect().connection).proceeds)
    }

    @Test func `a slot is given back once, however often it is said`() throws {
        let cap = try tester.make(IPCap.self, "{max_connections: 2}")
        let clients = [tester.connect(), tester.connect()]
        for client in clients { #expect(cap.accept(client.connection).proceeds) }
        for _ in 0..<3 { cap.released(clients[0].connection) }
        #expect(cap.accept(tester.connect().connection).proceeds)
        #expect(!cap.accept(tester.connect().connection).proceeds)
    }

    @Test func `a connection that was refused gives nothing back`() throws {
        let cap = try tester.make(IPCap.self, "{max_connections: 1}")
        #expect(cap.accept(tester.connect().connection).proceeds)
        let refused = tester.connect()
        #expect(!cap.accept(refused.connection).proceeds)
        cap.released(refused.connection)
        #expect(!cap.accept(tester.connect().connection).proceeds)
    }

    @Test func `connecting too fast is refused until the rate allows it`() throws {
        let cap = try tester.make(IPCap.self, "{max_connections: 10, connect_rate: 2/s, connect_burst: 3}")
        for _ in 0..<3 { connectAndLeave(cap) }
        let message = "Too many new connections from this address"
        let expected = HTTPRefusal(status: 429, .rateLimited, message, retryAfter: .milliseconds(500), maxWaiting: 10)
        #expect(cap.accept(tester.connect().connection).refusal == expected)
        tester.advance(by: .milliseconds(500))
        #expect(cap.accept(tester.connect().connection).proceeds)
    }

    @Test func `a reload keeps the counts and brings the new cap`() throws {
        let before = try tester.make(IPCap.self, "{max_connections: 5}")
        let clients = (0..<3).map { _ in tester.connect() }
        for client in clients { #expect(before.accept(client.connection).proceeds) }
        let after = try tester.make(IPCap.self, "{max_connections: 3}")
        #expect(!after.accept(tester.connect().connection).proceeds)
        after.released(clients[0].connection)
        #expect(after.accept(tester.connect().connection).proceeds)
    }

    @Test(arguments: [
        ("{max_connections: 0}", DiagnosticCode.outOfRange), ("{connect_rate: 20}", .missingUnit), ("{max_tracked: 10}", .outOfRange),
        ("{connect_rate: 20/s, connect_burst: 19}", .invalidValue),
    ])
    func `settings that cannot be meant are errors`(settings: String, code: DiagnosticCode) {
        #expect(SettingsTester.decode(IPCapSettings.self, settings).diagnostics.map(\.code) == [code])
    }

    @Test func `a site that may have less than one of its networks is a warning`() {
        let (settings, diagnostics) = SettingsTester.decode(IPCapSettings.self, "{max_connections_per_48: 50}")
        #expect(settings?.maxConnectionsPer48 == 50)
        #expect(diagnostics.map(\.severity) == [.warning])
    }

    @Test func `the document's variable sets the cap`() {
        let named = IPCapSettings.fields.filter { $0.environment == .plain("WEBSOCKET_MAX_CONNECTIONS_PER_IP") }
        #expect(named.map(\.name) == ["max_connections"])
    }

    private func connectAndLeave(_ cap: IPCap) {
        let client = tester.connect()
        #expect(cap.accept(client.connection).proceeds)
        cap.released(client.connection)
    }
}
