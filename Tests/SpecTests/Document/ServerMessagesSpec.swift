import GatewayKit
import GatewayTestKit
import Testing

/// What the document says about each message that the gateway sends.
struct ServerMessagesSpec {
    // Promise: server.broadcast
    @Test(arguments: eventLoops) func `a broadcast has the document's fields in the document's order`(loops: Int) async throws {
        try await withGateway(loops: loops) { gateway in
            let (alice, bob) = (try await gateway.client("user-123"), try await gateway.client("user-abc"))
            try await alice.subscribe("messages.user.123")
            bob.send(
                #"{"type":"message","topic":"messages.user.123","eventType":"message.sent","data":{"id":"msg-uuid","content":"Hello!"}}"#)
            let text = try await alice.text()
            #expect(
                text.hasPrefix(
                    #"{"type":"message","topic":"messages.user.123","eventType":"message.sent","data":{"id":"msg-uuid","content":"Hello!"},"#
                        + #""metadata":{"senderId":"user-abc","senderConnectionId":""#))
            let frame = try JSON(parsing: text)
            #expect(frame["metadata"]?["senderConnectionId"]?.string?.isEmpty == false)
            #expect(text.hasSuffix(#""},"timestamp":"\#(frame["timestamp"]?.string ?? "")"}"#))
        }
    }

    // Promise: server.error
    @Test(arguments: eventLoops) func `an error says what is wrong with which field`(loops: Int) async throws {
        try await withGateway(loops: loops) { gateway in
            let client = try await gateway.client()
            client.send(["type": "subscribe"])
            let text = try await client.text()
            let frame = try JSON(parsing: text)
            #expect(text.hasPrefix(#"{"type":"error","code":400,"message":""#))
            #expect(frame["details"]?["field"] == "topic")
            #expect(frame["details"]?["issue"] == "required")
            #expect(frame["timestamp"] != nil)
        }
    }

    // Promise: server.code_400
    @Test(arguments: eventLoops) func `a bad request is a 400`(loops: Int) async throws {
        try await withGateway(loops: loops) { gateway in
            let client = try await gateway.client()
            client.send("{")
            try await client.expectError(400, "invalid_json")
        }
    }

    // Promise: server.code_401
    @Test(arguments: eventLoops) func `who is not authenticated gets a 401`(loops: Int) async throws {
        try await withGateway(loops: loops) { gateway in
            let client = try await gateway.connect()
            client.send(["type": "unsubscribe", "topic": "chat"])
            try await client.expectError(401, "not_authenticated")
        }
    }

    // Promise: server.code_403
    @Test(arguments: eventLoops) func `what the rules forbid is a 403`(loops: Int) async throws {
        try await withGateway("modules: {authorization: {rules: [{allow: [subscribe], topics: [open]}]}}", loops: loops) { gateway in
            let client = try await gateway.client()
            try await client.subscribe("open")
            client.send(["type": "subscribe", "topic": "secret"])
            try await client.expectError(403, "forbidden")
        }
    }

    // Promise: server.code_500
    @Test(arguments: eventLoops) func `a fault inside the gateway is a 500`(loops: Int) async throws {
        let gate = Gate.named("code-500-\(loops)")
        try await withGateway(
            "pipeline: {route: [waiting]}\nmodules: {waiting: {gate: code-500-\(loops)}}", loops: loops
        ) { gateway in
            let client = try await gateway.client()
            client.send(["type": "subscribe", "topic": "wait"])
            try await eventually("the module is asked") { gate.arrived == 1 }
            gate.fail(Unmet(what: "a module's promise"))
            try await client.expectError(500, "internal")
            try await client.expectNothingElse()
        }
    }

    // Promise: server.code_1000
    @Test(arguments: eventLoops) func `a normal closure has code 1000`(loops: Int) async throws {
        try await withGateway(loops: loops) { gateway in
            let client = try await gateway.client()
            client.send(frame: .close(1000))
            try await client.expectClose(1000)
        }
    }

    // Promise: server.code_1008
    @Test(arguments: eventLoops) func `who goes against the policy is closed with code 1008`(loops: Int) async throws {
        try await withGateway("auth: {max_attempts: 1}", loops: loops) { gateway in
            let client = try await gateway.connect()
            client.send(["type": "auth", "token": "nonsense"])
            try await client.expect("auth_error")
            try await client.expectClose(1008, "too_many_attempts")
        }
    }
}
