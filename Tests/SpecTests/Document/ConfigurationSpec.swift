import GatewayTestKit
import Testing

/// What the document says about the environment.
struct ConfigurationSpec {
    // Promise: environment.enabled
    @Test(arguments: eventLoops) func `WEBSOCKET_ENABLED=false closes the endpoint and leaves the port open`(loops: Int) async throws {
        try await withGateway(loops: loops, environment: ["WEBSOCKET_ENABLED": "false"]) { gateway in
            let client = try await gateway.open()
            client.requestUpgrade()
            #expect(try await client.response().status == 404)
        }
        try await withGateway("server: {enabled: false}", loops: loops, environment: ["WEBSOCKET_ENABLED": "true"]) { gateway in
            _ = try await gateway.connect()
        }
    }

    // Promise: environment.port
    @Test(arguments: eventLoops) func `WEBSOCKET_PORT is the port`(loops: Int) async throws {
        // Port 1 is nobody's to listen on in a test; 0 is any free one.
        try await withGateway("server: {port: 1}", loops: loops, environment: ["WEBSOCKET_PORT": "0"]) { gateway in
            #expect(gateway.port > 1)
            _ = try await gateway.client()
        }
    }

    // Promise: environment.host
    @Test(arguments: eventLoops) func `WEBSOCKET_HOST is the address`(loops: Int) async throws {
        try await withGateway(loops: loops, environment: ["WEBSOCKET_HOST": "127.0.0.2"]) { gateway in
            var manners = TestClient.Manners()
            manners.serverAddress = "127.0.0.2"
            _ = try await gateway.client(manners: manners)
            #expect(gateway.log.text.contains("listening on http://127.0.0.2:\(gateway.port)"))
        }
    }

    // Promise: environment.ping_interval
    @Test(arguments: eventLoops) func `WEBSOCKET_PING_INTERVAL is in milliseconds`(loops: Int) async throws {
        try await withGateway(loops: loops, environment: ["WEBSOCKET_PING_INTERVAL": "5000"]) { gateway in
            let client = try await gateway.client()
            gateway.advance(by: .milliseconds(5_100))
            guard case .ping = try await client.next() else { throw Unmet(what: "a ping from the gateway") }
        }
    }

    // Promise: environment.ping_timeout
    @Test(arguments: eventLoops) func `WEBSOCKET_PING_TIMEOUT is in milliseconds`(loops: Int) async throws {
        let environment = ["WEBSOCKET_PING_INTERVAL": "40000", "WEBSOCKET_PING_TIMEOUT": "90000"]
        try await withGateway(loops: loops, environment: environment) { gateway in
            var manners = TestClient.Manners()
            manners.answersPings = false
            let client = try await gateway.client(manners: manners)
            gateway.advance(by: .milliseconds(89_000))
            try await client.expectNothingElse()
            gateway.advance(by: .milliseconds(90_100))
            try await client.expectError(408, "idle_timeout")
        }
    }

    // Promise: environment.per_ip
    @Test(arguments: eventLoops) func `WEBSOCKET_MAX_CONNECTIONS_PER_IP is the cap of an address`(loops: Int) async throws {
        try await withGateway(loops: loops, environment: ["WEBSOCKET_MAX_CONNECTIONS_PER_IP": "1"]) { gateway in
            _ = try await gateway.connect()
            let second = try await gateway.open()
            second.requestUpgrade()
            #expect(try await second.response().status == 429)
        }
    }

    // Promise: environment.message_size
    @Test(arguments: eventLoops) func `WEBSOCKET_MAX_MESSAGE_SIZE is in bytes`(loops: Int) async throws {
        try await withGateway(loops: loops, environment: ["WEBSOCKET_MAX_MESSAGE_SIZE": "1000"]) { gateway in
            let client = try await gateway.client()
            client.send(String(repeating: " ", count: 1000))
            try await client.expectError(400, "invalid_json")
            client.send(String(repeating: " ", count: 1001))
            try await client.expectError(413, "message_too_big")
        }
    }

    // Promise: environment.adapter
    @Test(arguments: eventLoops) func `PUBSUB_ADAPTER=memory is the adapter in the process`(loops: Int) async throws {
        try await withGateway(loops: loops, environment: ["PUBSUB_ADAPTER": "memory"]) { gateway in
            let client = try await gateway.client()
            try await client.subscribe("chat")
            client.publish("chat", 1)
            try await client.expectMessage("chat", 1)
        }
    }
}
