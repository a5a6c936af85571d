import GatewayTestKit
import Testing

/// What the document says about connections and their limits.
struct ConnectionSpec {
    // Promise: connection.endpoint
    @Test(arguments: eventLoops) func `the endpoint answers an upgrade as RFC 6455 wants it`(loops: Int) async throws {
        try await withGateway(loops: loops) { gateway in
            let client = try await gateway.open()
            client.requestUpgrade()
            let response = try await client.response()
            #expect(response.status == 101)
            #expect(response["upgrade"]?.lowercased() == "websocket")
            #expect(response["connection"]?.lowercased() == "upgrade")
            // The key and the answer of RFC 6455, 1.3.
            #expect(response["sec-websocket-accept"] == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
        }
    }

    // Promise: connection.close_event
    @Test(arguments: eventLoops) func `a client learns the code and the reason of a closure`(loops: Int) async throws {
        try await withGateway(loops: loops) { gateway in
            let client = try await gateway.connect()
            gateway.advance(by: .seconds(11))
            try await client.expectError(408, "auth_timeout")
            try await client.expectClose(1008, "auth_timeout")
        }
    }

    // Promise: connection.per_ip
    @Test(arguments: eventLoops) func `an address gets a hundred connections and no more`(loops: Int) async throws {
        try await withGateway("modules: {ip_cap: {connect_burst: 200}}", loops: loops) { gateway in
            var clients: [TestClient] = []
            for _ in 0..<100 { clients.append(try await gateway.connect()) }
            let refused = try await gateway.open()
            refused.requestUpgrade()
            #expect(try await refused.response().status == 429)
            await clients[0].drop()
            try await eventually("the place is free again") { (try? await gateway.connect()) != nil }
        }
    }

    // Promise: connection.per_ip_setting
    @Test(arguments: eventLoops) func `the connections of an address are a setting`(loops: Int) async throws {
        try await withGateway("modules: {ip_cap: {max_connections: 3}}", loops: loops) { gateway in
            var clients: [TestClient] = []
            for _ in 0..<3 { clients.append(try await gateway.connect()) }
            let refused = try await gateway.open()
            refused.requestUpgrade()
            #expect(try await refused.response().status == 429)
        }
    }

    // Promise: connection.message_size
    @Test(arguments: eventLoops) func `a message of one mebibyte passes and one byte more does not`(loops: Int) async throws {
        try await withGateway(loops: loops) { gateway in
            let (alice, bob) = (try await gateway.client("alice"), try await gateway.client("bob"))
            try await bob.subscribe("big")
            let frame = #"{"type":"message","topic":"big","data":""}"#
            let data = String(repeating: "x", count: 1_048_576 - frame.utf8.count)
            alice.publish("big", .string(data))
            try await bob.expectMessage("big", .string(data))
            alice.publish("big", .string(data + "x"))
            try await alice.expectError(413, "message_too_big")
            try await alice.expectClose(1009, "message_too_big")
            try await gateway.expectNothingElse(bob)
        }
    }

    // Promise: connection.message_size_setting
    @Test(arguments: eventLoops) func `the size of a message is a setting`(loops: Int) async throws {
        try await withGateway("server: {max_message_size: 2KiB}", loops: loops) { gateway in
            let client = try await gateway.client()
            client.publish("big", .string(String(repeating: "x", count: 2048)))
            try await client.expectError(413, "message_too_big")
            try await client.expectClose(1009)
        }
    }

    // Promise: connection.idle
    @Test(arguments: eventLoops) func `a client that answers no ping is gone after sixty seconds`(loops: Int) async throws {
        try await withGateway(loops: loops) { gateway in
            var manners = TestClient.Manners()
            manners.answersPings = false
            let client = try await gateway.client(manners: manners)
            gateway.advance(by: .milliseconds(59_900))
            try await client.expectNothingElse()
            gateway.advance(by: .milliseconds(60_200))
            try await client.expectError(408, "idle_timeout")
            try await client.expectClose(1001, "idle_timeout")
        }
    }

    // Promise: connection.idle_ping
    @Test(arguments: eventLoops) func `answering pings keeps a silent client connected`(loops: Int) async throws {
        try await withGateway(loops: loops) { gateway in
            let client = try await gateway.client()
            for _ in 0..<6 {
                gateway.advance(by: .milliseconds(30_100))
                // The client answers by itself, before this test sees the ping.
                guard case .ping = try await client.next() else { throw Unmet(what: "a ping from the gateway") }
            }
            try await client.expectNothingElse()
        }
    }
}
