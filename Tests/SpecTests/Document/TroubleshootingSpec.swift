import GatewayTestKit
import Testing

/// What the document's troubleshooting tells people to look at.
struct TroubleshootingSpec {
    // Promise: trouble.not_running
    @Test(arguments: eventLoops) func `a gateway that has stopped refuses connections`(loops: Int) async throws {
        try await withGateway(loops: loops) { gateway in
            await gateway.stop()
            await #expect(throws: (any Error).self) { try await gateway.open() }
        }
    }

    // Promise: trouble.disabled
    @Test(arguments: eventLoops) func `a gateway without WebSocket says that there is no such thing`(loops: Int) async throws {
        try await withGateway("server: {enabled: false}", loops: loops) { gateway in
            let client = try await gateway.open()
            client.requestUpgrade()
            let response = try await client.response()
            #expect(response.status == 404)
            #expect(response.json["error"]?["code"] == 404)
        }
    }

    // Promise: trouble.expired
    @Test(arguments: eventLoops) func `an expired token is told apart from a wrong one`(loops: Int) async throws {
        try await withGateway(loops: loops) { gateway in
            let client = try await gateway.connect()
            client.send(["type": "auth", "token": .string(try await gateway.token(ttl: .seconds(-60)))])
            #expect(try await client.expect("auth_error")["details"]?["reason"] == "expired")
            client.send(["type": "auth", "token": .string(try await gateway.token(secret: "another secret of at least thirty-two bytes"))])
            #expect(try await client.expect("auth_error")["details"]?["reason"] == "invalid_signature")
        }
    }

    // Promise: trouble.auth_type
    @Test(arguments: eventLoops) func `a token counts only in an auth message`(loops: Int) async throws {
        try await withGateway(loops: loops) { gateway in
            let client = try await gateway.connect()
            let token = try await gateway.token()
            client.send(["type": "subscribe", "topic": "chat", "token": .string(token)])
            try await client.expectError(401, "not_authenticated")
        }
    }

    // Promise: trouble.pattern
    @Test(arguments: eventLoops) func `a pattern that does not match gets nothing`(loops: Int) async throws {
        try await withGateway(loops: loops) { gateway in
            let (alice, bob) = (try await gateway.client("alice"), try await gateway.client("bob"))
            try await alice.subscribe("message.user.*", "messages.*", "messages.user")
            try await bob.publishAcknowledged("messages.user.1")
            try await gateway.expectNothingElse(alice)
        }
    }

    // Promise: trouble.published
    @Test(arguments: eventLoops) func `an ack confirms that a message was published`(loops: Int) async throws {
        try await withGateway(loops: loops) { gateway in
            let client = try await gateway.client()
            client.send(["type": "message", "topic": "chat", "data": 1, "ack": true, "id": "m1"])
            let frame = try await client.expect("ack")
            #expect(frame["topic"] == "chat")
            #expect(frame["requestId"] == "m1")
        }
    }

    // Promise: trouble.logs
    @Test(arguments: eventLoops) func `the log says what was refused`(loops: Int) async throws {
        try await withGateway("modules: {authorization: {rules: []}}", loops: loops) { gateway in
            let client = try await gateway.client()
            client.publish("chat")
            try await client.expectError(403, "forbidden")
            #expect(gateway.log.text.contains("forbidden"))
        }
    }

    // Promise: trouble.ping_timeout
    @Test(arguments: eventLoops) func `a longer ping timeout keeps a slow network connected`(loops: Int) async throws {
        try await withGateway(loops: loops, environment: ["WEBSOCKET_PING_TIMEOUT": "600000"]) { gateway in
            var manners = TestClient.Manners()
            manners.answersPings = false
            let client = try await gateway.client(manners: manners)
            gateway.advance(by: .seconds(590))
            try await client.expectNothingElse()
        }
    }
}
