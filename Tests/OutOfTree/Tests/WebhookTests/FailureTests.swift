import GatewayKit
import GatewayTestKit
import NIOCore
import Testing

@testable import Webhook

/// A back end that does not decide: the core's `on_error`, `later_timeout` and circuit breaker do.
@Suite struct FailureTests {
    /// What is no answer, with what the log says of it.
    static let replies: [(reply: BackEndServer.Reply, log: String)] = [
        (.status(500, #"{"allow": true}"#), "the back end answered 500"),
        (.status(401), "the back end answered 401"), (.status(407), "the back end answered 407"),
        (.status(408), "the back end answered 408"), (.status(425), "the back end answered 425"),
        (.status(429, String(repeating: "x", count: 17 << 10)), "the back end answered 429"),
        (.status(307, headers: ["Location: /elsewhere"]), "the back end answered 307; redirects are not followed"),
        (.status(200), "something else than"), (.status(200, "yes"), "something else than"),
        (.status(200, "[true]"), "something else than"),
        (.status(200, #"{"allow": "true"}"#), "something else than"), (.status(200, #"{"allow": true, "allow": false}"#), "something else"),
        (.status(200, #"{"allow": true}"# + String(repeating: " ", count: 17 << 10)), "the back end answered more than 16KiB"),
        (.raw("HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n{"), "the back end answered more than 16KiB"),
        (
            .raw(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + String(repeating: "100\r\n\(String(repeating: "x", count: 256))\r\n", count: 100)),
            "the back end answered more than 16KiB"
        ),
        (.raw("SSH-2.0-x\r\n\r\n"), "the back end cannot be asked: "), (.hangUp, "closed the connection without an answer"),
    ]

    @Test(arguments: replies.indices) func `what is no answer refuses with an id, and the log says why`(index: Int) async throws {
        let (reply, text) = Self.replies[index]
        try await withWebhook("actions: [publish]") { _ in
            reply
        } _: { gateway, server in
            let client = try await gateway.client()
            try await client.subscribe("orders")
            client.publish("orders")
            let frame = try await client.expectError(500, "internal")
            let id = try #require(frame["details"]?["errorId"]?.string)
            let line = try #require(gateway.log.lines.first { $0.fields["errorId"] == id })
            #expect(line.fields["module"] == "webhook")
            #expect(line.fields["error"]?.contains(text) == true, "\(line.fields["error"] ?? "")")
            try await client.expectNothingElse()
            #expect(server.requests.allSatisfy { $0.path == "/decisions" })
        }
    }

    @Test(arguments: replies.indices) func `where the configuration says so, it is no objection`(index: Int) async throws {
        try await withWebhook("on_error: proceed") { _ in
            Self.replies[index].reply
        } _: { gateway, _ in
            let client = try await gateway.client()
            try await client.subscribe("orders")
            client.publish("orders", 7)
            try await client.expectMessage("orders", 7)
        }
    }

    @Test func `a back end that says nothing is given up after the timeout`() async throws {
        try await withWebhook("timeout: 20ms, later_timeout: 60s") { _ in
            .wait
        } _: { gateway, _ in
            let client = try await gateway.client()
            client.publish("orders")
            try await client.expectError(500, "internal")
            #expect(gateway.log.text.contains("the back end did not answer within 20ms"))
        }
    }

    @Test func `one that answers drop by drop is given up too`() async throws {
        let reply = BackEndServer.Reply.raw("HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\n{\"allow\"")
        try await withWebhook("timeout: 20ms, later_timeout: 60s") { _ in
            reply
        } _: { gateway, _ in
            let client = try await gateway.client()
            client.publish("orders")
            try await client.expectError(500, "internal")
            #expect(gateway.log.text.contains("the back end did not answer within 20ms"))
        }
    }

    @Test func `a verdict that takes longer than the core waits is a timeout, and late it changes nothing`() async throws {
        try await withWebhook("timeout: 30s, later_timeout: 2s") { _ in
            .wait
        } _: { gateway, server in
            let client = try await gateway.client()
            client.send(["type": "subscribe", "topic": "orders"])
            try await eventually("it is asked") { server.waitingCount == 1 }
            gateway.advance(by: .milliseconds(2_100))
            try await client.expectError(503, "timeout")
            server.answer(.allow)
            try await client.expectNothingElse()
        }
    }

    @Test func `a back end that is not there refuses at once, and is asked again when it is back`() async throws {
        try await withWebhook { gateway, server in
            await server.stop()
            let client = try await gateway.client()
            client.publish("orders")
            try await client.expectError(500, "internal")
            #expect(gateway.log.text.contains("the back end cannot be asked"))
            try await server.start()
            try await client.publishAcknowledged("orders")
        }
    }

    @Test func `a connection that was idle for too long costs nothing`() async throws {
        try await withWebhook { gateway, server in
            let client = try await gateway.client()
            try await client.publishAcknowledged("orders")
            server.reply { [weak server] _ in
                server?.reply { _ in .allow }
                return .hangUp
            }
            try await client.publishAcknowledged("orders")
            #expect(server.requests.count == 3)
        }
    }

    @Test(arguments: [1, 2]) func `a dead back end is not asked for a while, and holds up nothing else`(loops: Int) async throws {
        try await withWebhook(#"topics: ["orders.**"]"#, loops: loops) { _ in
            .status(503)
        } _: { gateway, server in
            let (client, other) = (try await gateway.client(), try await gateway.client("bob"))
            try await other.subscribe("free")
            for number in 1...10 {
                client.publish("orders.\(number)")
                try await client.expectError(500, "internal")
                try await client.publishAcknowledged("free", .number(Double(number)))
            }
            for number in 11...20 {
                client.publish("orders.\(number)")
                try await client.expectError(503, "timeout")
                try await client.publishAcknowledged("free", .number(Double(number)))
            }
            for number in 1...20 { try await other.expectMessage("free", .number(Double(number))) }
            #expect(server.requests.count == 10)
            server.reply { _ in .allow }
            gateway.advance(by: .seconds(6))
            try await client.publishAcknowledged("orders.21")
            try await client.publishAcknowledged("orders.22")
        }
    }

    @Test func `what has been allowed a short while ago goes on without it`() async throws {
        try await withWebhook("cache_ttl: 1h, later_timeout: 60s") { gateway, server in
            let client = try await gateway.client()
            try await client.subscribe("orders")
            server.reply { _ in .status(503) }
            for _ in 1...10 {
                client.send(["type": "subscribe", "topic": "other"])
                try await client.expectError(500, "internal")
            }
            client.send(["type": "subscribe", "topic": "other"])
            try await client.expectError(503, "timeout")
            try await client.unsubscribe("orders")
            try await client.subscribe("orders")
        }
    }

    @Test func `observed, it refuses nothing`() async throws {
        try await withWebhook("mode: observe") { _ in
            .status(200, #"{"allow": false}"#)
        } _: { gateway, _ in
            let client = try await gateway.client()
            try await client.subscribe("news")
            try await client.publishAcknowledged("orders")
        }
    }

    @Test func `before its start nobody is asked, and nobody can tell`() throws {
        let tester = ModuleTester()
        let webhook = try tester.make(Webhook.self, "{url: http://127.0.0.1:9/decisions}")
        var command = Command(.subscribe, try TopicPattern("orders"), isReevaluation: true)
        guard case .later(let verdict) = webhook.route(&command, tester.connect(userID: "alice").connection) else {
            Issue.record("it decided")
            return
        }
        #expect(throws: BackEndFailure.notStarted) { try verdict.wait() }
    }
}
