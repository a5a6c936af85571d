import GatewayTestKit
import Testing

/// Topics, patterns and who gets what.
struct TopicsSpec {
    // Promise: topic.grammar
    @Test(
        arguments: ["subscribe", "message"],
        [
            "a", "A.b_c-d.e:f@g", "0", String(repeating: "x", count: 255), (0..<16).map { "\($0)" }.joined(separator: "."),
            "user@example", "__proto__",
        ])
    func `a topic is one to sixteen segments of letters, digits and _-:@`(type: String, topic: String) async throws {
        try await withGateway { gateway in
            let client = try await gateway.client()
            client.send(["type": .string(type), "topic": .string(topic), "data": 1, "ack": true])
            #expect(try await client.expect(type == "message" ? "ack" : "subscribed")["topic"] == .string(topic))
        }
    }

    // Promise: topic.refused
    @Test(
        arguments: ["subscribe", "unsubscribe", "message"],
        [
            "", ".", "a.", ".a", "a..b", "a b", "a/b", "ä", "$sys", "a.$b", "a\u{0}", "a\n", String(repeating: "x", count: 256),
            (0..<17).map { "\($0)" }.joined(separator: "."), "a*", "*a", "a.b*", "**.a", "a.**.b", "***", "a.***", "a,b", "a#", "+",
        ])
    func `what is no topic is a 400 that says what is wrong`(type: String, topic: String) async throws {
        try await withGateway { gateway in
            let client = try await gateway.client()
            client.send(["type": .string(type), "topic": .string(topic), "data": 1])
            let frame = try await client.expectError(400, "invalid_topic")
            #expect(frame["details"]?["field"] == "topic")
            #expect(frame["details"]?["issue"]?.string?.isEmpty == false)
        }
    }

    // Promise: topic.no_wildcard_publish
    @Test(arguments: ["*", "**", "a.*", "a.**"]) func `nobody publishes to a pattern`(topic: String) async throws {
        try await withGateway { gateway in
            let client = try await gateway.client()
            client.publish(topic)
            try await client.expectError(400, "invalid_topic")
        }
    }

    // Promise: topic.field_type
    @Test(arguments: ["7", "null", "[]", "{}", "true"]) func `a topic that is no string is an invalid field`(topic: String) async throws {
        try await withGateway { gateway in
            let client = try await gateway.client()
            client.send(#"{"type":"subscribe","topic":\#(topic)}"#)
            #expect(try await client.expectError(400, "invalid_field")["details"]?["field"] == "topic")
        }
    }

    // Promise: topic.wildcards
    @Test(
        arguments: [
            ("*", ["a"], ["a.b"]), ("*.b", ["a.b"], ["b", "a.b.b", "a.c"]), ("a.*.c", ["a.b.c"], ["a.c", "a.b.d", "a.b.b.c"]),
            ("*.*", ["a.b"], ["a", "a.b.c"]), ("**", ["a", "a.b", "a.b.c.d"], []), ("a.**", ["a.b", "a.b.c"], ["a", "b.a"]),
            ("a.*.**", ["a.b.c", "a.b.c.d"], ["a.b"]), ("*.**", ["a.b"], ["a"]),
        ])
    func `one star is one segment anywhere, two are one or more at the end`(row: (pattern: String, yes: [String], no: [String]))
        async throws
    {
        try await withGateway { gateway in
            let (alice, bob) = (try await gateway.client("alice"), try await gateway.client("bob"))
            for topic in row.no + row.yes {
                try await alice.subscribe(row.pattern)
                try await bob.publishAcknowledged(topic)
                if row.yes.contains(topic) { try await alice.expectMessage(topic) } else { try await alice.expectNothingElse() }
                try await alice.unsubscribe(row.pattern)
            }
        }
    }

    // Promise: topic.twice
    @Test(arguments: eventLoops, ["a.b", "a.*"]) func `subscribing twice is one subscription`(loops: Int, pattern: String) async throws {
        try await withGateway("limits: {max_subscriptions: 2}", loops: loops) { gateway in
            let (alice, bob) = (try await gateway.client("alice"), try await gateway.client("bob"))
            for _ in 0..<2 { try await alice.subscribe(pattern) }
            try await bob.publishAcknowledged("a.b", 1)
            try await alice.expectMessage("a.b", 1)
            try await gateway.expectNothingElse(alice)
            try await alice.unsubscribe(pattern)
            try await bob.publishAcknowledged("a.b", 2)
            try await gateway.expectNothingElse(alice)
        }
    }

    // Promise: topic.unsubscribe_nothing
    @Test func `unsubscribing from what is not subscribed is confirmed`() async throws {
        try await withGateway { gateway in
            let client = try await gateway.client()
            try await client.unsubscribe("never.seen")
        }
    }

    // Promise: topic.unsubscribe_literal
    @Test(arguments: eventLoops) func `unsubscribing takes away that pattern alone`(loops: Int) async throws {
        try await withGateway(loops: loops) { gateway in
            let (alice, bob) = (try await gateway.client("alice"), try await gateway.client("bob"))
            try await alice.subscribe("a.b", "a.*")
            try await alice.unsubscribe("a.b")
            try await bob.publishAcknowledged("a.b", 1)
            try await alice.expectMessage("a.b", 1)
            try await alice.unsubscribe("a.*")
            try await bob.publishAcknowledged("a.b", 2)
            try await gateway.expectNothingElse(alice)
        }
    }

    // Promise: topic.one_frame
    @Test(arguments: eventLoops) func `a connection gets one frame, however many of its patterns match`(loops: Int) async throws {
        try await withGateway(loops: loops) { gateway in
            let (alice, bob) = (try await gateway.client("alice"), try await gateway.client("bob"))
            try await alice.subscribe("a.b", "a.*", "*.b", "a.**", "**", "*.*")
            try await bob.publishAcknowledged("a.b", 1)
            try await alice.expectMessage("a.b", 1)
            try await bob.publishAcknowledged("a.c", 2)
            try await alice.expectMessage("a.c", 2)
        }
    }

    // Promise: topic.several
    @Test(
        arguments: eventLoops,
        [
            (["b", "c"], ["b", "c"]), (["*"], ["a"]), (["**"], ["a"]), (["b", "*"], ["b"]), (["c", "x.*"], ["c", "x.y"]),
            (["*", "x.*"], ["a", "x.y"]), (["a", "*"], ["a"]), (["x.**", "**"], ["a", "x.y"]), (["z"], []),
        ])
    func `every subscription sees an event with several topics once`(loops: Int, row: (patterns: [String], topics: [String])) async throws {
        try await withGateway(loops: loops) { gateway in
            let client = try await gateway.client()
            for pattern in row.patterns { try await client.subscribe(pattern) }
            try await gateway.publish(try event(["a", "b", "c", "x.y"], data: "1"))
            for topic in row.topics { try await client.expectMessage(topic, 1) }
            for pattern in row.patterns { try await client.unsubscribe(pattern) }
            try await gateway.expectNothingElse(client)
        }
    }

    // Promise: topic.sender
    @Test(arguments: eventLoops) func `the sender gets its own message if it is subscribed`(loops: Int) async throws {
        try await withGateway(loops: loops) { gateway in
            let client = try await gateway.client()
            client.publish("a", "not for me")
            try await client.subscribe("a")
            client.publish("a", "for me")
            try await client.expectMessage("a", "for me")
        }
    }

    // Promise: topic.subscription_limit
    @Test func `a connection has at most 128 subscriptions`() async throws {
        try await withGateway { gateway in
            let client = try await gateway.client()
            for number in 0..<128 { try await client.subscribe("t.\(number)") }
            client.send(["type": "subscribe", "topic": "t.128"])
            try await client.expectError(403, "subscription_limit")
            try await client.subscribe("t.0")
            try await client.unsubscribe("t.5")
            try await client.subscribe("t.128")
        }
    }

    // Promise: topic.total_limit
    @Test(arguments: eventLoops) func `the process has a limit of subscriptions too`(loops: Int) async throws {
        try await withGateway("limits: {max_total_subscriptions: 3}", loops: loops) { gateway in
            let (alice, bob) = (try await gateway.client("alice"), try await gateway.client("bob"))
            try await alice.subscribe("a", "b")
            try await bob.subscribe("a")
            bob.send(["type": "subscribe", "topic": "b"])
            try await bob.expectError(503, "overloaded")
            try await alice.close()
            try await eventually("there is room again") {
                bob.send(["type": "subscribe", "topic": "b"])
                return try await bob.frame()["type"] == "subscribed"
            }
        }
    }
}
