import GatewayKit
import GatewayTestKit
import Testing

/// The same test in memory and over a network.
struct WireTests {
    @Test(arguments: Wire.allCases, [1, 2]) func `clients talk through a gateway`(wire: Wire, loops: Int) async throws {
        try await withGateway(over: wire, loops: loops) { gateway in
            let (alice, bob) = (try await gateway.client("alice"), try await gateway.client("bob"))
            try await alice.subscribe("chat.*")
            bob.publish("chat.a", "hello")
            try await alice.expectMessage("chat.a", "hello")
            #expect(gateway.connectionCount == 2)
            try await bob.close()
            try await eventually("it is gone") { gateway.connectionCount == 1 }
        }
    }

    @Test(arguments: Wire.allCases) func `plain HTTP is answered`(wire: Wire) async throws {
        try await withGateway(over: wire) { gateway in
            let client = try await gateway.open()
            client.sendRaw("GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n")
            #expect(try await client.response().status == 200)
        }
    }

    @Test(arguments: Wire.allCases) func `a drain sends everybody away`(wire: Wire) async throws {
        try await withGateway(quiet, over: wire) { gateway in
            let client = try await gateway.client()
            async let drained: Void = gateway.stop()
            try await client.expectError(503, "draining")
            try await client.expectClose(1001)
            await drained
        }
    }

    @Test func `in memory a client comes from any address, and no port is open`() async throws {
        try await withGateway("modules: {ip_cap: {max_connections: 1}}", over: .memory) { gateway in
            var manners = TestClient.Manners()
            manners.sourceAddress = "203.0.113.7"
            let first = try await gateway.connect(manners: manners)
            let second = try await gateway.open(manners: manners)
            second.requestUpgrade()
            #expect(try await second.response().status == 429)
            manners.sourceAddress = "2001:db8::7"
            let third = try await gateway.connect(manners: manners)
            #expect(gateway.port == 0)
            try await first.close()
            try await third.close()
        }
    }

    @Test func `an address that is none is an error`() async throws {
        try await withGateway(over: .memory) { gateway in
            var manners = TestClient.Manners()
            manners.sourceAddress = "nowhere"
            await #expect(throws: Unmet.self) { try await gateway.open(manners: manners) }
        }
    }
}
