import GatewayTestKit
import Testing

/// The frame that subscribers get.
struct BroadcastSpec {
    private func broadcast(_ gateway: TestGateway, _ fields: String) async throws -> JSON {
        let client = try await gateway.client("alice")
        try await client.subscribe("a")
        client.send(#"{"type":"message","topic":"a"\#(fields)}"#)
        return try await client.frame()
    }

    // Promise: broadcast.order
    @Test(arguments: eventLoops) func `its fields stand in the document's order, whatever the sender's`(loops: Int) async throws {
        try await withGateway(loops: loops) { gateway in
            let client = try await gateway.client("alice")
            try await client.subscribe("a")
            client.send(#"{"metadata":{"m":1},"data":[1,2],"eventType":"order.paid","topic":"a","type":"message"}"#)
            let text = try await client.text()
            let id = try JSON(parsing: text)["metadata"]?["senderConnectionId"]?.string ?? ""
            #expect(
                text == #"{"type":"message","topic":"a","eventType":"order.paid","data":[1,2],"metadata":{"m":1,"senderId":"alice","#
                    + #""senderConnectionId":"\#(id)"},"timestamp":"2026-01-01T00:00:00.000Z"}"#)
        }
    }

    // Promise: broadcast.metadata_object
    @Test(arguments: ["7", "[]", "\"x\"", "null", "true"]) func `metadata is an object`(metadata: String) async throws {
        try await withGateway { gateway in
            let frame = try await broadcast(gateway, #","data":1,"metadata":\#(metadata)"#)
            #expect(frame["code"] == 400)
            #expect(frame["details"]?["field"] == "metadata")
        }
    }

    // Promise: broadcast.spoof
    @Test(
        arguments: eventLoops,
        [
            #"{"senderId":"root","senderConnectionId":"c","x":1}"#, #"{"x":1,"senderId":{"a":[1]}}"#,
            #"{"\u0073enderId":"root","x":1,"sender\u0043onnectionId":null}"#, #"{"senderId":"root","x":1,"senderId":"admin"}"#,
            #"{ "senderId" : "root" , "x" : 1 }"#,
        ])
    func `nobody can speak as another`(loops: Int, metadata: String) async throws {
        try await withGateway(loops: loops) { gateway in
            let client = try await gateway.client("alice")
            try await client.subscribe("a")
            client.send(#"{"type":"message","topic":"a","data":1,"metadata":\#(metadata)}"#)
            let text = try await client.text()
            #expect(!text.contains("root") && !text.contains("admin"))
            #expect(text.split(separator: "senderId").count == 2)
            let frame = try JSON(parsing: text)
            #expect(frame["metadata"]?["senderId"] == "alice")
            #expect(frame["metadata"]?["x"] == 1)
            #expect(Set(frame["metadata"]?.members?.keys.map { $0 } ?? []) == ["senderId", "senderConnectionId", "x"])
        }
    }

    // Promise: broadcast.nested_sender
    @Test func `below its top, metadata is the client's own`() async throws {
        try await withGateway { gateway in
            let frame = try await broadcast(gateway, #","data":1,"metadata":{"x":{"senderId":"anything"}}"#)
            #expect(frame["metadata"]?["x"] == ["senderId": "anything"])
        }
    }

    // Promise: broadcast.http_sender
    @Test(arguments: eventLoops) func `an event that came by HTTP has no connection id`(loops: Int) async throws {
        try await withGateway(loops: loops) { gateway in
            let client = try await gateway.client()
            try await client.subscribe("a")
            try await gateway.publish(try event(["a"], data: "1", sender: "bob"))
            let text = try await client.text()
            #expect(text.contains(#""metadata":{"senderId":"bob","senderConnectionId":null}"#))
        }
    }

    // Promise: broadcast.event_type
    @Test(arguments: ["a", "order.paid", "A-b_9.", String(repeating: "x", count: 64)]) func `a client may name the event's type`(
        type: String
    ) async throws {
        try await withGateway { gateway in
            let frame = try await broadcast(gateway, #","data":1,"eventType":"\#(type)""#)
            #expect(frame["eventType"] == .string(type))
        }
    }

    // Promise: broadcast.event_type_default
    @Test func `without a type it is message.sent`() async throws {
        try await withGateway { gateway in
            let frame = try await broadcast(gateway, #","data":1"#)
            #expect(frame["eventType"] == "message.sent")
        }
    }

    // Promise: broadcast.event_type_form
    @Test(arguments: ["\"\"", "7", "null", "\"a b\"", "\"a\\\"\"", "\"é\"", "\"\(String(repeating: "x", count: 65))\""])
    func `any other event type is a 400`(type: String) async throws {
        try await withGateway { gateway in
            let frame = try await broadcast(gateway, #","data":1,"eventType":\#(type)"#)
            #expect(frame["code"] == 400)
            #expect(frame["details"]?["field"] == "eventType")
        }
    }

    // Promise: broadcast.data_needed
    @Test func `a message without data is a 400`() async throws {
        try await withGateway { gateway in
            let frame = try await broadcast(gateway, "")
            #expect(frame["code"] == 400)
            #expect(frame["details"]?["field"] == "data")
            #expect(frame["details"]?["issue"] == "required")
        }
    }

    // Promise: broadcast.user_escaped
    @Test func `a user's id is escaped where it needs to be`() async throws {
        try await withGateway { gateway in
            let user = "a\"b\\c\n\u{1}ü"
            let client = try await gateway.client(user)
            try await client.subscribe("a")
            client.publish("a")
            #expect(try await client.expectMessage("a")["metadata"]?["senderId"] == .string(user))
        }
    }

    // Promise: broadcast.connection_id
    @Test func `connection ids are random`() async throws {
        try await withGateway { gateway in
            var ids: Set<String> = []
            for _ in 0..<20 {
                let client = try await gateway.client()
                try await client.subscribe("a")
                client.publish("a")
                let id = try #require(try await client.expectMessage("a")["metadata"]?["senderConnectionId"]?.string)
                #expect(id.count == 36)
                ids.insert(id)
                try await client.close()
            }
            #expect(ids.count == 20)
        }
    }
}
