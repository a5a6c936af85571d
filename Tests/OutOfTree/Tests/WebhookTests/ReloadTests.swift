import GatewayKit
import GatewayTestKit
import Testing
import Webhook

/// What a reload and a renewed token ask again, and what they do not.
@Suite struct ReloadTests {
    @Test(arguments: [1, 2]) func `a reload asks about no subscription again that stands by the same back end`(loops: Int) async throws {
        try await withWebhook(loops: loops) { gateway, server in
            let client = try await gateway.client()
            try await client.subscribe("orders", "news.*")
            #expect(server.requests.count == 2)
            let ended = try await gateway.reload(Webhook.self, deciding(server, "max_in_flight: 1"))
            #expect(ended == 0 && server.requests.count == 2)
            try await client.publishAcknowledged("orders.a")
            try await client.expectNothingElse()
        }
    }

    @Test func `another back end, or a claim more that it is told, is asked about all`() async throws {
        try await withWebhook { gateway, server in
            let client = try await gateway.client()
            try await client.subscribe("orders", "news")
            server.reply { $0.json["topic"] == "news" ? .status(200, #"{"allow": false, "reason": "not_paid"}"#) : .allow }
            try await gateway.reload(Webhook.self, deciding(server, "claims: [tenant]"))
            var told: [JSON] = [try await client.frame(), try await client.frame()]
            told.sort { ($0["type"]?.string ?? "") < ($1["type"]?.string ?? "") }
            #expect(told[0]["details"]?["reason"] == "gap" && told[0]["details"]?["topics"] == ["orders"])
            #expect(told[1]["type"] == "unsubscribed" && told[1]["details"]?["reason"] == "not_paid")
            #expect(server.requests.count == 4)
        }
    }

    @Test func `topics that a reload adds are asked about, and others are not`() async throws {
        try await withWebhook("topics: [orders]") { gateway, server in
            let client = try await gateway.client()
            try await client.subscribe("orders", "news")
            server.reply { _ in .status(200, #"{"allow": false}"#) }
            try await gateway.reload(Webhook.self, deciding(server, "topics: [orders, news]"))
            let frame = try await client.expect("unsubscribed")
            #expect(frame["topic"] == "news")
            #expect(server.asked.map { $0["topic"] } == ["orders", "news"])
        }
    }

    @Test func `what was given back is asked about when it is wanted again`() async throws {
        try await withWebhook { gateway, server in
            let client = try await gateway.client()
            try await client.subscribe("orders")
            try await client.unsubscribe("orders")
            try await client.subscribe("orders")
            #expect(server.requests.count == 2)
        }
    }

    @Test func `a renewed token asks again only where it says something else`() async throws {
        try await withWebhook("claims: [tenant]") { gateway, server in
            let client = try await gateway.client(#"{"sub":"alice","tenant":"blue"}"#)
            try await client.subscribe("orders")
            gateway.advance(by: .seconds(2))
            try await client.authenticate(#"{"sub":"alice","tenant":"blue","exp":1}"#)
            try await client.expectNothingElse()
            #expect(server.requests.count == 1)
            server.reply { _ in .status(200, #"{"allow": false, "reason": "wrong_tenant"}"#) }
            gateway.advance(by: .seconds(2))
            try await client.authenticate(#"{"sub":"alice","tenant":"green"}"#)
            let frame = try await client.expect("unsubscribed")
            #expect(frame["details"]?["reason"] == "wrong_tenant")
            #expect(server.asked.last?["claims"] == ["tenant": "green"])
        }
    }

    @Test func `a question under way ends with the old module, and a subscription is asked about by the new one`() async throws {
        try await withWebhook("max_in_flight: 10") { _ in
            .wait
        } _: { gateway, server in
            let client = try await gateway.client()
            client.send(["type": "subscribe", "topic": "orders"])
            try await eventually("it is asked") { server.waitingCount == 1 }
            try await gateway.reload(Webhook.self, deciding(server, "max_in_flight: 20"))
            server.reply { _ in .status(200, #"{"allow": false}"#) }
            server.answer(.allow)
            try await client.expectError(403, "forbidden")
            #expect(server.requests.count == 2)
        }
    }
}
