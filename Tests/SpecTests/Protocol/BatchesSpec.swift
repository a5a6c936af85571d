import GatewayTestKit
import Testing

/// Several frames in one message.
struct BatchesSpec {
    // Promise: batches.items
    @Test(arguments: eventLoops) func `a batch is answered item by item`(loops: Int) async throws {
        try await withGateway(loops: loops) { gateway in
            let client = try await gateway.client()
            client.send([["type": "subscribe", "topic": "a"], ["type": "ping", "id": "p"], ["type": "message", "topic": "a", "data": 7]])
            try await client.expect("subscribed")
            #expect(try await client.expect("pong")["requestId"] == "p")
            try await client.expectMessage("a", 7)
        }
    }

    // Promise: batches.whole_refused
    @Test(
        arguments: [
            "[]", "[ ]", #"[{"type":"subscribe","topic":"a"},]"#, #"[{"type":"subscribe","topic":"a"},{"type":]"#,
            #"[{"type":"subscribe","topic":"a"},[{"type":"ping"}]]"#, #"[{"type":"subscribe","topic":"a"},7]"#,
            #"[{"type":"subscribe","topic":"a"}] x"#,
            #"[{"type":"subscribe","topic":"a"},{"x":\#(String(repeating: "[", count: 31))\#(String(repeating: "]", count: 31))}]"#,
        ])
    func `a batch with a defect anywhere does nothing`(text: String) async throws {
        try await withGateway { gateway in
            let client = try await gateway.client()
            client.send(text)
            try await client.expectError(400, "batch")
            client.publish("a")
            try await client.expectNothingElse()
        }
    }

    // Promise: batches.length
    @Test(arguments: [(100, true), (101, false)]) func `a batch has at most a hundred items`(row: (count: Int, passes: Bool)) async throws {
        try await withGateway { gateway in
            let client = try await gateway.client()
            client.send(.array(Array(repeating: ["type": "ping"], count: row.count)))
            guard row.passes else {
                try await client.expectError(400, "batch")
                return try await client.expectNothingElse()
            }
            for _ in 0..<100 { try await client.expect("pong") }
        }
    }

    // Promise: batches.duplicate_key
    @Test func `a duplicate key is an error of its item alone`() async throws {
        try await withGateway { gateway in
            let client = try await gateway.client()
            client.send(#"[{"type":"ping","id":"1"},{"type":"ping","type":"ping"},{"type":"ping","id":"3"}]"#)
            #expect(try await client.expect("pong")["requestId"] == "1")
            #expect(try await client.expectError(400, "duplicate_key")["details"]?["index"] == 1)
            #expect(try await client.expect("pong")["requestId"] == "3")
        }
    }

    // Promise: batches.index
    @Test(arguments: eventLoops) func `an item's error says which item, and the next goes on`(loops: Int) async throws {
        try await withGateway(loops: loops) { gateway in
            let client = try await gateway.client()
            client.send([["type": "nothing"], ["type": "subscribe", "topic": "a b"], ["type": "subscribe", "topic": "a"]])
            #expect(try await client.expectError(400, "unknown_type")["details"]?["index"] == 0)
            #expect(try await client.expectError(400, "invalid_topic")["details"]?["index"] == 1)
            try await client.expect("subscribed")
        }
    }

    // Promise: batches.close
    @Test func `an item that closes ends the batch`() async throws {
        try await withGateway { gateway in
            let client = try await gateway.client("alice")
            let other = try await gateway.token("bob")
            client.send([["type": "ping"], ["type": "auth", "token": .string(other)], ["type": "ping"]])
            try await client.expect("pong")
            try await client.expectError(409, "different_user")
            try await client.expectClose(1008, "different_user")
        }
    }

    // Promise: batches.limits
    @Test func `every limit counts each item`() async throws {
        try await withGateway("modules: {rate_limit: {rate: 1/s, burst: 3}}") { gateway in
            let client = try await gateway.client()
            client.send(.array((0..<4).map { ["type": "message", "topic": "a", "data": .number(Double($0)), "ack": true] }))
            for _ in 0..<3 { try await client.expect("ack") }
            #expect(try await client.expectError(429, "rate_limited")["details"]?["index"] == 3)
        }
    }

    // Promise: batches.before_auth
    @Test func `a batch may begin with auth`() async throws {
        try await withGateway { gateway in
            let client = try await gateway.connect()
            let token = try await gateway.token()
            client.send([
                ["type": "subscribe", "topic": "a"], ["type": "auth", "token": .string(token)], ["type": "subscribe", "topic": "a"],
            ])
            #expect(try await client.expectError(401, "not_authenticated")["details"]?["index"] == 0)
            try await client.expect("auth_success")
            try await client.expect("subscribed")
        }
    }

    // Promise: batches.topics
    @Test(arguments: eventLoops, ["subscribe", "unsubscribe"]) func `topics takes several topics, answered one by one`(
        loops: Int, type: String
    ) async throws {
        try await withGateway(loops: loops) { gateway in
            let client = try await gateway.client()
            client.send(["type": .string(type), "topics": ["a", "b.*"], "id": "r"])
            for topic in ["a", "b.*"] {
                let frame = try await client.expect("\(type)d")
                #expect(frame["topic"] == .string(topic))
                #expect(frame["requestId"] == "r")
            }
        }
    }

    // Promise: batches.topics_form
    @Test(arguments: ["7", "\"a\"", "[7]", "[]", "{}", "null"]) func `topics is a list of topics`(topics: String) async throws {
        try await withGateway { gateway in
            let client = try await gateway.client()
            client.send(#"{"type":"subscribe","topics":\#(topics)}"#)
            let frame = try await client.expect("error")
            #expect(frame["code"] == 400)
            #expect(frame["details"]?["field"] == "topics")
        }
    }

    // Promise: batches.order
    @Test(arguments: eventLoops) func `the messages of a batch arrive in its order`(loops: Int) async throws {
        try await withGateway(unlimited, loops: loops) { gateway in
            let (alice, bob) = (try await gateway.client("alice"), try await gateway.client("bob"))
            try await alice.subscribe("chat")
            for batch in 0..<5 {
                bob.send(.array((0..<100).map { ["type": "message", "topic": "chat", "data": .number(Double(batch * 100 + $0))] }))
            }
            for number in 0..<500 { try await alice.expectMessage("chat", .number(Double(number))) }
        }
    }
}
