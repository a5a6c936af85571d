import GatewayTestKit
import Testing

/// What the document says about each message that a client sends.
struct ClientMessagesSpec {
    // Promise: client.subscribe
    @Test(arguments: eventLoops) func `subscribe is answered with its topic`(loops: Int) async throws {
        try await withGateway(loops: loops) { gateway in
            let client = try await gateway.client()
            client.send(#"{"type": "subscribe", "topic": "messages.user.123"}"#)
            let text = try await client.text()
            #expect(text.hasPrefix(#"{"type":"subscribed","topic":"messages.user.123","timestamp":""#))
        }
    }

    // Promise: client.pattern_exact, client.pattern_single, client.pattern_multi
    @Test(
        arguments: eventLoops,
        [
            ("messages.user.123", ["messages.user.123"]),
            ("messages.user.*", ["messages.user.123", "messages.user.456"]),
            ("messages.**", ["messages.user.123", "messages.user.456", "messages.channel.abc"]),
        ])
    func `a pattern gets the topics that the document lists for it`(loops: Int, example: (pattern: String, topics: [String])) async throws {
        try await withGateway(loops: loops) { gateway in
            let client = try await gateway.client()
            try await client.subscribe(example.pattern)
            let publisher = try await gateway.client("bob")
            for topic in ["messages.user.123", "messages.user.456", "messages.channel.abc", "notifications.user.123"] {
                try await publisher.publishAcknowledged(topic)
            }
            for topic in example.topics { try await client.expectMessage(topic) }
            try await gateway.expectNothingElse(client)
        }
    }

    // Promise: client.unsubscribe
    @Test(arguments: eventLoops) func `unsubscribe is answered with its topic`(loops: Int) async throws {
        try await withGateway(loops: loops) { gateway in
            let client = try await gateway.client()
            try await client.subscribe("messages.user.123")
            client.send(#"{"type": "unsubscribe", "topic": "messages.user.123"}"#)
            let text = try await client.text()
            #expect(text.hasPrefix(#"{"type":"unsubscribed","topic":"messages.user.123","timestamp":""#))
        }
    }

    // Promise: client.publish_broadcast
    @Test(arguments: eventLoops) func `a published message keeps its data and its metadata`(loops: Int) async throws {
        try await withGateway(loops: loops) { gateway in
            let (alice, bob) = (try await gateway.client("alice"), try await gateway.client("bob"))
            try await alice.subscribe("messages.channel.general")
            bob.send(
                #"""
                {"type": "message", "topic": "messages.channel.general",
                 "data": {"content": "Hello, World!", "attachments": []}, "metadata": {"priority": "normal"}}
                """#)
            let frame = try await alice.expectMessage("messages.channel.general", ["content": "Hello, World!", "attachments": []])
            #expect(frame["metadata"]?["priority"] == "normal")
        }
    }

    // Promise: client.publish_silent
    @Test(arguments: eventLoops) func `publishing is not answered`(loops: Int) async throws {
        try await withGateway(loops: loops) { gateway in
            let client = try await gateway.client()
            client.publish("messages.channel.general", "into the void")
            try await client.expectNothingElse()
        }
    }

    // Promise: client.ping
    @Test(arguments: eventLoops) func `ping is answered with pong`(loops: Int) async throws {
        try await withGateway(loops: loops) { gateway in
            let client = try await gateway.client()
            client.send(#"{"type": "ping"}"#)
            let text = try await client.text()
            #expect(text.hasPrefix(#"{"type":"pong","timestamp":""#))
        }
    }
}
