import GatewayKit
import GatewayTestKit
import Testing

/// What the back end is asked, and what becomes of its answers.
@Suite struct DecisionTests {
    @Test(arguments: [BackEndServer.Reply.allow, .status(204), .status(201, #"{"allow": true, "since": 2026}"#)])
    func `what it allows goes on`(reply: BackEndServer.Reply) async throws {
        try await withWebhook { _ in
            reply
        } _: { gateway, server in
            let client = try await gateway.client()
            try await client.subscribe("orders")
            client.publish("orders", 7)
            try await client.expectMessage("orders", 7)
            #expect(server.asked.map { $0["action"] } == ["subscribe", "publish"])
        }
    }

    @Test func `it is told who wants what, and the data as it came`() async throws {
        let data = #"{"b": 1.0,  "a":[1e3, "\u00e9"]}"#
        try await withWebhook("claims: [tenant, absent]") { gateway, server in
            let client = try await gateway.client(#"{"sub":"alice","tenant":"blue","other":1}"#)
            client.send(#"{"type":"message","topic":"orders","eventType":"order.made","data":\#(data),"ack":true}"#)
            try await client.expect("ack")
            let request = try #require(server.requests.first)
            #expect(request.method == "POST" && request.path == "/decisions")
            #expect(request.headers["content-type"] == "application/json")
            #expect(request.body.hasSuffix(#""eventType":"order.made","data":\#(data)}"#))
            let members = request.json.members ?? [:]
            let connection = members["connection"]?.string.flatMap { ConnectionID($0) }
            #expect(connection != nil)
            #expect(Set(members.keys) == ["action", "topic", "user", "claims", "connection", "address", "eventType", "data"])
            #expect(members["action"] == "publish" && members["topic"] == "orders" && members["user"] == "alice")
            #expect(members["claims"] == ["tenant": "blue"])
            #expect(members["address"] == "127.0.0.1")
        }
    }

    @Test func `what it refuses is told with its reason and its words`() async throws {
        let reply = #"{"allow": false, "reason": "not_paid", "message": "The account is not paid for"}"#
        try await withWebhook { _ in
            .status(200, reply)
        } _: { gateway, _ in
            let client = try await gateway.client()
            client.publish("orders")
            let frame = try await client.expectError(403, "not_paid")
            #expect(frame["message"] == "The account is not paid for")
            #expect(frame["details"]?["topic"] == "orders")
        }
    }

    @Test func `it is asked about its topics and actions alone`() async throws {
        try await withWebhook(#"actions: [subscribe], topics: ["orders.*", news]"#) { gateway, server in
            let client = try await gateway.client()
            try await client.subscribe("other", "orders", "orders.a.b", "news")
            client.publish("news", 7)
            try await client.expectMessage("news", 7)
            #expect(server.asked.map { $0["topic"] } == ["news"])
        }
    }

    @Test(arguments: ["orders.*", "orders.**", "*.5", "**"])
    func `a pattern is no way around it`(pattern: String) async throws {
        try await withWebhook(#"topics: ["orders.*"]"#) { _ in
            .status(200, #"{"allow": false}"#)
        } _: { gateway, server in
            let client = try await gateway.client()
            client.send(["type": "subscribe", "topic": .string(pattern)])
            try await client.expectError(403, "forbidden")
            #expect(server.asked.map { $0["topic"] } == [.string(pattern)])
        }
    }

    @Test(arguments: [1, 2]) func `frames behind one that waits keep their places, and others go on`(loops: Int) async throws {
        try await withWebhook(#"topics: [orders]"#, loops: loops) { _ in
            .wait
        } _: { gateway, server in
            let (client, other) = (try await gateway.client(), try await gateway.client("bob"))
            client.send(["type": "subscribe", "topic": "orders", "id": "1"])
            client.send(["type": "ping", "id": "2"])
            client.send(["type": "subscribe", "topic": "free", "id": "3"])
            try await eventually("it is asked") { server.waitingCount == 1 }
            try await other.subscribe("free")
            try await other.expectNothingElse()
            server.answer(.allow)
            for (type, id) in [("subscribed", "1"), ("pong", "2"), ("subscribed", "3")] {
                #expect(try await client.expect(type)["requestId"] == .string(id))
            }
        }
    }

    @Test func `a client that goes meanwhile takes nothing along`() async throws {
        try await withWebhook { _ in
            .wait
        } _: { gateway, server in
            let client = try await gateway.client()
            client.publish("orders")
            try await eventually("it is asked") { server.waitingCount == 1 }
            await client.reset()
            try await eventually("it has gone") { gateway.connectionCount == 0 }
            server.answer(.allow)
            server.reply { _ in .allow }
            try await gateway.client().subscribe("orders")
        }
    }

    @Test func `a yes holds for a while, for the same user, claims, action and topic`() async throws {
        try await withWebhook("cache_ttl: 10s, send_data: false, claims: [tenant]") { gateway, server in
            let client = try await gateway.client("alice")
            for number in 1...3 {
                try await client.subscribe("orders")
                client.publish("orders", .number(Double(number)))
                try await client.expectMessage("orders", .number(Double(number)))
            }
            #expect(server.requests.count == 2)
            try await gateway.client("alice").subscribe("orders")
            #expect(server.requests.count == 2)
            try await gateway.client("bob").subscribe("orders")
            try await gateway.client(#"{"sub":"alice","tenant":"blue"}"#).subscribe("orders")
            try await client.subscribe("other")
            #expect(server.requests.count == 5)
            gateway.advance(by: .seconds(11))
            try await client.subscribe("orders")
            #expect(server.requests.count == 6)
        }
    }

    @Test func `a no never holds, and nothing does that was about data`() async throws {
        try await withWebhook("cache_ttl: 10s") { request in
            request.json["action"] == "publish" ? .allow : .status(200, #"{"allow": false}"#)
        } _: { gateway, server in
            let client = try await gateway.client()
            for _ in 1...2 {
                client.send(["type": "subscribe", "topic": "orders"])
                try await client.expectError(403, "forbidden")
                try await client.publishAcknowledged("orders")
            }
            #expect(server.requests.count == 4)
        }
    }

    @Test func `more data than it is told is refused unasked`() async throws {
        try await withWebhook("max_data: 10B") { gateway, server in
            let client = try await gateway.client()
            try await client.publishAcknowledged("orders", "12345678")
            client.publish("orders", "123456789")
            try await client.expectError(413, "message_too_big")
            #expect(server.requests.count == 1)
        }
    }

    @Test func `more questions than may be under way are refused, and their places come back`() async throws {
        try await withWebhook("max_in_flight: 2") { _ in
            .wait
        } _: { gateway, server in
            let clients = [try await gateway.client(), try await gateway.client()]
            for client in clients { client.publish("orders") }
            try await eventually("both are asked about") { server.waitingCount == 2 }
            let client = try await gateway.client()
            client.publish("orders")
            let frame = try await client.expectError(503, "overloaded")
            #expect(frame["details"]?["retryAfterMs"] == 1000)
            server.answer(.hangUp)
            try await eventually("both are asked about again") { server.waitingCount == 2 }
            server.answer(.allow)
            for client in clients { try await client.expectNothingElse() }
            client.publish("orders")
            try await eventually("there is room again") { server.waitingCount == 1 }
            server.answer(.allow)
            try await client.expectNothingElse()
        }
    }
}
