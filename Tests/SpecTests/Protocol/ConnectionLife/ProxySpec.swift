import GatewayTestKit
import Testing

/// Whose connection it is, where a proxy stands before the gateway.
struct ProxySpec {
    private let one = "modules: {ip_cap: {max_connections: 1}}"

    // Promise: proxy.trusted
    @Test(arguments: eventLoops) func `behind a trusted proxy each client has its own cap`(loops: Int) async throws {
        try await withGateway("server: {trusted_proxies: [127.0.0.0/8]}", one, loops: loops) { gateway in
            for client in ["192.0.2.1", "192.0.2.2", "2001:db8::1"] {
                _ = try await gateway.connect(headers: [("X-Forwarded-For", client)])
                #expect(try await gateway.upgrade([("X-Forwarded-For", client)]).status == 429)
            }
        }
    }

    // Promise: proxy.untrusted
    @Test func `who is no trusted proxy cannot choose an address`() async throws {
        try await withGateway("server: {trusted_proxies: [10.0.0.0/8]}", one) { gateway in
            _ = try await gateway.connect(headers: [("X-Forwarded-For", "192.0.2.1")])
            #expect(try await gateway.upgrade([("X-Forwarded-For", "192.0.2.2")]).status == 429)
        }
    }

    // Promise: proxy.right_most
    @Test(
        arguments: [
            ["X-Forwarded-For: 192.0.2.9, 192.0.2.1"], ["X-Forwarded-For: 192.0.2.1, 127.0.0.5, 10.1.1.1"],
            ["X-Forwarded-For: 192.0.2.8", "X-Forwarded-For: 192.0.2.1 , 10.2.2.2"],
        ])
    func `the client is the right-most address that is no trusted proxy`(lines: [String]) async throws {
        try await withGateway("server: {trusted_proxies: [127.0.0.0/8, 10.0.0.0/8]}", one) { gateway in
            _ = try await gateway.connect(headers: [("X-Forwarded-For", "192.0.2.1")])
            let client = try await gateway.open()
            client.sendRaw(
                "GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                    + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\(lines.joined(separator: "\r\n"))\r\n\r\n")
            #expect(try await client.response().status == 429)
        }
    }

    // Promise: proxy.unreadable
    @Test(arguments: ["", "unknown", "192.0.2.1:80:80", "999.1.1.1", "::1%eth0"]) func `what cannot be read counts as the peer`(
        value: String
    ) async throws {
        try await withGateway("server: {trusted_proxies: [127.0.0.0/8]}", one) { gateway in
            _ = try await gateway.connect()
            #expect(try await gateway.upgrade([("X-Forwarded-For", value)]).status == 429)
        }
    }

    // Promise: proxy.trusted
    @Test(arguments: eventLoops) func `a connection counts before the proxy has said whose it is`(loops: Int) async throws {
        try await withGateway("server: {trusted_proxies: [127.0.0.0/8], max_connections: 2}", loops: loops) { gateway in
            let silent = [try await gateway.open(), try await gateway.open()]
            try await eventually("both count") { gateway.connectionCount == 2 }
            #expect(try await gateway.upgrade([("X-Forwarded-For", "192.0.2.1")]).status == 503)
            await silent[0].reset()
            try await eventually("one has gone") { gateway.connectionCount == 1 }
            _ = try await gateway.connect(headers: [("X-Forwarded-For", "192.0.2.1")])
            #expect(gateway.connectionCount == 2)
        }
    }

    // Promise: proxy.sources
    @Test func `without a proxy each peer has its own cap`() async throws {
        try await withGateway(one) { gateway in
            for address in ["127.0.0.11", "127.0.0.12"] {
                var manners = TestClient.Manners()
                manners.sourceAddress = address
                _ = try await gateway.connect(manners: manners)
                let second = try await gateway.open(manners: manners)
                second.requestUpgrade()
                #expect(try await second.response().status == 429)
            }
        }
    }
}
