import GatewayTestKit
import Testing

/// What the document says about the form of messages.
struct MessageFormatSpec {
    // Promise: format.json
    @Test(arguments: eventLoops) func `every message of the gateway is an object with a type and an ISO timestamp`(loops: Int) async throws
    {
        try await withGateway(loops: loops) { gateway in
            let client = try await gateway.connect()
            client.send("no json")
            try await client.expect("error")
            try await client.authenticate(try await gateway.token())
        }
    }

    // Promise: format.type_needed
    @Test(arguments: eventLoops) func `a message without a type is refused`(loops: Int) async throws {
        try await withGateway(loops: loops) { gateway in
            let client = try await gateway.client()
            client.send(["topic": "chat"])
            let frame = try await client.expectError(400, "missing_field")
            #expect(frame["details"]?["field"] == "type")
            #expect(frame["details"]?["issue"] == "required")
        }
    }

    // Promise: format.timestamp_optional
    @Test(arguments: eventLoops, ["", #","timestamp":"2025-11-11T12:00:00.000Z""#, #","timestamp":17"#])
    func `a client need not send a timestamp, and may send any`(loops: Int, timestamp: String) async throws {
        try await withGateway(loops: loops) { gateway in
            let client = try await gateway.client()
            client.send(#"{"type":"ping"\#(timestamp)}"#)
            let pong = try await client.expect("pong")
            #expect(pong["timestamp"] == "2026-01-01T00:00:00.000Z")
        }
    }

    // Promise: types.subscribe, types.subscribed, types.unsubscribe, types.unsubscribed, types.ping, types.pong, types.error
    @Test(
        arguments: eventLoops,
        [("subscribe", "subscribed"), ("unsubscribe", "unsubscribed"), ("ping", "pong"), ("a type of its own", "error")])
    func `each type of request has its type of answer`(loops: Int, types: (request: String, answer: String)) async throws {
        try await withGateway(loops: loops) { gateway in
            let client = try await gateway.client()
            client.send(["type": .string(types.request), "topic": "chat"])
            try await client.expect(types.answer)
        }
    }

    // Promise: types.message_in, types.message_out
    @Test(arguments: eventLoops) func `message is the type in both directions`(loops: Int) async throws {
        try await withGateway(loops: loops) { gateway in
            let client = try await gateway.client()
            try await client.subscribe("chat")
            client.send(["type": "message", "topic": "chat", "data": 1])
            try await client.expect("message")
        }
    }
}
