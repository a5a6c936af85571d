import Testing

@testable import GatewayMain

@Suite struct ConnectURLTests {
    @Test(
        arguments: [
            ("ws://localhost:3000/ws", "localhost:3000", "/ws"), ("localhost:3000/ws", "localhost:3000", "/ws"),
            ("ws://example.com", "example.com:80", "/"), ("wss://example.com/a%20b?x=1", "example.com:443", "/a%20b?x=1"),
            ("ws://[::1]:4000/ws", "[::1]:4000", "/ws"), ("WSS://example.com/ws", "example.com:443", "/ws"),
            ("3000", "localhost:3000", "/ws"), ("localhost:3000", "localhost:3000", "/ws"), ("localhost:3000/", "localhost:3000", "/"),
            ("example.com", "example.com:80", "/ws"), ("[::1]:4000", "[::1]:4000", "/ws"),
        ])
    func `a URL gives host, port and target`(_ text: String, _ authority: String, _ target: String) throws {
        let url = try ConnectURL(text)
        #expect(url.authority == authority)
        #expect(url.target == target)
    }

    @Test(arguments: ["http://localhost", "ws://", "", "ws://a:99999/", "ws://a b/", "://", "99999", "0"])
    func `anything else is refused with an example`(_ text: String) {
        #expect(throws: CommandFailure.self) { try ConnectURL(text) }
    }
}
