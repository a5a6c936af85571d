import GatewayTestKit
import Testing

/// `POST /api/messages`, and routes of one's own, from the request to the sockets.
struct MessagesSpec {
    // Promise: messages.direct, overview.cross_protocol, topics.created_over_http
    @Test(arguments: eventLoops) func `a direct message reaches everybody's feed, the sender's and the recipient's`(loops: Int) async throws
    {
        try await withGateway(withAccounts, loops: loops) { gateway in
            let data = try await login(gateway)
            let sender = try #require(data["user"]?["id"]?.string)
            let feeds = ["messages", "messages.user.\(sender)", "messages.user.user-123"]
            var clients: [TestClient] = []
            for feed in feeds {
                let client = try await gateway.client("reader")
                try await client.subscribe(feed)
                clients.append(client)
            }
            let response = try await gateway.open().request(
                "POST", "/api/messages", [bearer(data)],
                body: #"{"recipientId":"user-123","content":"Hello!","big":1e400,"z":1.50}"#.replacing(
                    "1e400", with: "12345678901234567890123"))
            #expect(response.status == 201)
            let created = try #require(response.json["data"])
            #expect(created["userId"]?.string == sender)
            #expect(response.body.contains(#""big":12345678901234567890123,"z":1.50"#))
            for (client, feed) in zip(clients, feeds) {
                let text = try await client.text()
                let frame = try JSON(parsing: text)
                #expect(frame["topic"]?.string == feed)
                #expect(frame["eventType"] == "message.sent")
                #expect(frame["data"] == created)
                #expect(text.contains(#""big":12345678901234567890123,"z":1.50"#))
                #expect(frame["metadata"] == ["senderId": .string(sender), "senderConnectionId": .null])
            }
        }
    }

    // Promise: messages.shape
    @Test func `what is answered and broadcast has the document's members in its order`() async throws {
        try await withGateway(withAccounts) { gateway in
            let client = try await gateway.client("user-123")
            try await client.subscribe("messages.user.user-123")
            let data = try await login(gateway)
            let response = try await gateway.open().request(
                "POST", "/api/messages", [bearer(data)], body: #"{"content":"Hello!","recipientId":"user-123"}"#)
            let text = try await client.text()
            let shape =
                /"data":\{"id":"[0-9a-f-]{36}","userId":"[^"]+","recipientId":"user-123","content":"Hello!","createdAt":"([^"]+)","updatedAt":"\1"\}/
            #expect(text.contains(shape))
            #expect(response.body.contains(shape))
        }
    }

    // Promise: messages.channel
    @Test func `a channel message reaches the channel`() async throws {
        try await withGateway(withAccounts) { gateway in
            let client = try await gateway.client()
            try await client.subscribe("messages.channel.general")
            let data = try await login(gateway)
            let body = #"{"channelId":"general","content":"Hello!"}"#
            #expect(try await gateway.open().request("POST", "/api/messages", [bearer(data)], body: body).status == 201)
            #expect(try await client.expect("message")["data"]?["channelId"] == "general")
        }
    }

    // Promise: messages.forbidden
    @Test func `one topic that the rules refuse refuses the whole request`() async throws {
        let rules = """
            modules:
              authorization:
                rules:
                  - {allow: [subscribe], topics: ["**"]}
                  - {allow: [ingress], topics: [messages, "messages.user.*"]}
            """
        try await withGateway(withAccounts, rules) { gateway in
            let client = try await gateway.client()
            try await client.subscribe("**")
            let data = try await login(gateway)
            let body = #"{"channelId":"general","content":"Hello!"}"#
            let response = try await gateway.open().request("POST", "/api/messages", [bearer(data)], body: body)
            #expect(response.status == 403)
            #expect(response.json["error"]?["details"]?["topic"] == "messages.channel.general")
            client.send(["type": "ping"])
            _ = try await client.expect("pong")
        }
    }

    // Promise: messages.invalid
    @Test(arguments: [
        #"{}"#, #"{"content":1}"#, #"{"content":"x","recipientId":"a.b"}"#, #"{"content":"x","recipientId":"a","channelId":"b"}"#, "[1]",
        "{",
        #"{"content":"x","content":"y"}"#,
    ])
    func `a body that cannot be is a 400 that says what is wrong`(body: String) async throws {
        try await withGateway(withAccounts) { gateway in
            let data = try await login(gateway)
            let response = try await gateway.open().request("POST", "/api/messages", [bearer(data)], body: body)
            #expect(response.status == 400)
            #expect(response.json["error"]?["details"]?["reason"]?.string != nil)
        }
    }

    // Promise: messages.idempotency
    @Test(arguments: eventLoops) func `the same key twice is one event and one answer`(loops: Int) async throws {
        try await withGateway(withAccounts, loops: loops) { gateway in
            let client = try await gateway.client()
            try await client.subscribe("messages.channel.general")
            let data = try await login(gateway)
            let http = try await gateway.open()
            let headers = [bearer(data), ("Idempotency-Key", "order-7")]
            let body = #"{"channelId":"general","content":"once"}"#
            let first = try await http.request("POST", "/api/messages", headers, body: body)
            let second = try await http.request("POST", "/api/messages", headers, body: body)
            #expect(first.status == 201)
            #expect(second.body == first.body)
            _ = try await client.expect("message")
            try await gateway.expectNothingElse(client)
        }
    }

    // Promise: messages.own_route
    @Test(arguments: eventLoops) func `a second route makes events of orders, with a key of its own`(loops: Int) async throws {
        let orders = """
            pipeline: {http: [ingress]}
            modules:
              ingress:
                routes:
                  - method: POST
                    path: /api/shops/<shop>/orders
                    authentication: api_key
                    api_key: "a key of the shop system, 32 bytes or more"
                    sender: shop-system
                    event: order.created
                    topics: ["orders.<shop>", "orders.<shop>.<customer>"]
                    fields:
                      - {name: customer, type: string, required: true}
                      - {name: total, type: number, required: true}
            """
        try await withGateway(orders, loops: loops) { gateway in
            let client = try await gateway.client()
            try await client.subscribe("orders.**")
            let http = try await gateway.open()
            let key = ("X-API-Key", "a key of the shop system, 32 bytes or more")
            let response = try await http.request("POST", "/api/shops/berlin/orders", [key], body: #"{"customer":"c7","total":12.50}"#)
            #expect(response.status == 201)
            let text = try await client.text()
            #expect(text.contains(#""eventType":"order.created""#))
            #expect(text.contains(#""total":12.50"#))
            #expect(text.contains(#""senderId":"shop-system""#))
            #expect(try await http.request("POST", "/api/shops/berlin/orders", body: "{}").status == 401)
        }
    }
}
