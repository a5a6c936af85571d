import GatewayTestKit
import Testing

/// The rules that every frame follows.
struct FramesSpec {
    // Promise: frames.type_and_timestamp
    @Test func `every frame says the gateway's time in milliseconds`() async throws {
        try await withGateway { gateway in
            let client = try await gateway.client()
            gateway.advance(by: .milliseconds(61))
            for frame: JSON in [
                ["type": "ping"], ["type": "subscribe", "topic": "a"], ["type": "message", "topic": "a", "data": 1], ["type": "x"],
            ] {
                client.send(frame)
                #expect(try await client.frame()["timestamp"] == "2026-01-01T00:00:00.061Z")
            }
        }
    }

    // Promise: frames.client_timestamp, frames.unknown_fields
    @Test func `a client's timestamp and unknown fields are ignored`() async throws {
        try await withGateway { gateway in
            let client = try await gateway.client()
            client.send(#"{"type":"subscribe","timestamp":[],"topic":"a","unknown":{"deep":[1]},"":null}"#)
            try await client.expect("subscribed")
        }
    }

    // Promise: frames.unknown_type
    @Test(arguments: ["publish", "PING", "", "subscribed", "__proto__"]) func `an unknown type is a 400`(type: String) async throws {
        try await withGateway { gateway in
            let client = try await gateway.client()
            client.send(["type": .string(type)])
            try await client.expectError(400, "unknown_type")
        }
    }

    // Promise: frames.one_after_another
    @Test(arguments: eventLoops) func `frames are answered in their order`(loops: Int) async throws {
        try await withGateway(loops: loops) { gateway in
            let client = try await gateway.client()
            for number in 0..<50 {
                let frame: JSON =
                    number % 3 == 0
                    ? ["type": "ping", "id": .string("\(number)")]
                    : ["type": number % 3 == 1 ? "subscribe" : "unsubscribe", "topic": "a", "id": .string("\(number)")]
                client.send(frame)
            }
            for number in 0..<50 { #expect(try await client.frame()["requestId"] == .string("\(number)")) }
        }
    }

    // Promise: frames.error_layout
    @Test func `an error has its fields in order, and a reason always`() async throws {
        try await withGateway("modules: {rate_limit: {rate: 1/s, burst: 1}}") { gateway in
            let client = try await gateway.client()
            client.publish("chat")
            client.send(["type": "message", "topic": "chat", "data": 1, "id": "r-1"])
            let text = try await client.text()
            #expect(text.hasPrefix(#"{"type":"error","code":429,"message":""#))
            #expect(text.hasSuffix(#"},"timestamp":"2026-01-01T00:00:00.000Z"}"#))
            let frame = try JSON(parsing: text)
            #expect(frame["details"]?["reason"] == "rate_limited")
            #expect(frame["details"]?["retryAfterMs"]?.integer == 1000)
            #expect(frame["details"]?["requestId"] == "r-1")
            #expect(frame["details"]?["topic"] == "chat")
        }
    }

    // Promise: frames.id
    @Test(arguments: eventLoops) func `an id comes back at the top of every answer`(loops: Int) async throws {
        try await withGateway(loops: loops) { gateway in
            let client = try await gateway.connect()
            let token = try await gateway.token()
            let frames: [(JSON, String)] = [
                (["type": "auth", "token": .string(token)], "auth_success"), (["type": "subscribe", "topic": "a"], "subscribed"),
                (["type": "unsubscribe", "topic": "a"], "unsubscribed"), (["type": "ping"], "pong"),
                (["type": "message", "topic": "a", "data": 1, "ack": true], "ack"),
            ]
            for (frame, answer) in frames {
                client.send(.object((frame.members ?? [:]).merging(["id": "my id"]) { $1 }))
                #expect(try await client.expect(answer)["requestId"] == "my id")
            }
        }
    }

    // Promise: frames.id_in_errors
    @Test func `an id comes back in the details of errors`() async throws {
        try await withGateway { gateway in
            let client = try await gateway.connect()
            client.send(["type": "auth", "token": "nonsense", "id": "1"])
            #expect(try await client.expect("auth_error")["details"]?["requestId"] == "1")
            client.send(["type": "message", "id": "2"])
            #expect(try await client.expect("error")["details"]?["requestId"] == "2")
        }
    }

    // Promise: frames.id_form
    @Test(
        arguments: [
            ("\"\"", false), ("7", false), ("null", false), ("{}", false), ("\"\(String(repeating: "x", count: 65))\"", false),
            ("\"\(String(repeating: "x", count: 64))\"", true), (#""ü\n\"\\/ä""#, true),
            ("\"\(String(repeating: "ü", count: 33))\"", false),
        ])
    func `an id is a string of 1 to 64 bytes`(row: (id: String, isValid: Bool)) async throws {
        try await withGateway { gateway in
            let client = try await gateway.client()
            client.send(#"{"type":"ping","id":\#(row.id)}"#)
            let frame = try await client.frame()
            if row.isValid {
                #expect(frame["requestId"] == (try JSON(parsing: "[\(row.id)]"))[0])
            } else {
                #expect(frame["code"] == 400)
                #expect(frame["details"]?["field"] == "id")
            }
        }
    }

    // Promise: frames.no_id
    @Test func `without an id nothing is added`() async throws {
        try await withGateway { gateway in
            let client = try await gateway.client()
            client.send(["type": "ping"])
            #expect(try await client.text() == #"{"type":"pong","timestamp":"2026-01-01T00:00:00.000Z"}"#)
        }
    }

    // Promise: frames.ack
    @Test(arguments: eventLoops) func `an ack says that the adapter has the message`(loops: Int) async throws {
        try await withGateway(loops: loops) { gateway in
            let client = try await gateway.client()
            client.send(["type": "message", "topic": "chat", "data": 1, "ack": true, "id": "a"])
            #expect(try await client.text() == #"{"type":"ack","topic":"chat","requestId":"a","timestamp":"2026-01-01T00:00:00.000Z"}"#)
            client.send(["type": "message", "topic": "chat", "data": 1, "ack": false])
            try await client.expectNothingElse()
        }
    }

    // Promise: frames.ack_order
    @Test(arguments: eventLoops) func `acks keep the order of their publishes`(loops: Int) async throws {
        try await withGateway(unlimited, loops: loops) { gateway in
            let client = try await gateway.client()
            for number in 0..<200 {
                client.send(["type": "message", "topic": "t\(number % 7)", "data": 1, "ack": true, "id": .string("\(number)")])
            }
            for number in 0..<200 { #expect(try await client.expect("ack")["requestId"] == .string("\(number)")) }
        }
    }

    // Promise: frames.ack_refused
    @Test func `what is refused gets its error and no ack`() async throws {
        try await withGateway("modules: {authorization: {rules: []}}") { gateway in
            let client = try await gateway.client()
            client.send(["type": "message", "topic": "chat", "data": 1, "ack": true, "id": "a"])
            #expect(try await client.expectError(403, "forbidden")["details"]?["requestId"] == "a")
            try await client.expectNothingElse()
        }
    }
}
