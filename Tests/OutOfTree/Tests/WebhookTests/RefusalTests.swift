import GatewayTestKit
import Testing

/// A back end that says no by a status: that is decided, so it is no failure that others would suffer from.
@Suite struct RefusalTests {
    @Test(arguments: [400, 402, 403, 404, 405, 406, 409, 410, 413, 415, 422, 426, 428, 431, 451, 499])
    func `a status that blames the request is a no, in the gateway's words`(status: Int) async throws {
        try await withWebhook { _ in
            .status(status, #"{"allow": true, "reason": "not_paid", "message": "Cannot POST /decisions"}"#)
        } _: { gateway, server in
            let client = try await gateway.client()
            client.publish("orders")
            let frame = try await client.expectError(403, "forbidden")
            #expect(frame["message"] == "Not allowed to publish to 'orders'")
            client.send(["type": "subscribe", "topic": "orders"])
            try await client.expectError(403, "forbidden")
            #expect(server.requests.count == 2)
        }
    }

    @Test(arguments: [
        BackEndServer.Reply.status(400), .status(422, "no"), .status(422, String(repeating: "x", count: 17 << 10)),
        .raw("HTTP/1.1 403 No\r\nContent-Length: 99999999999\r\n\r\n{"),
        .raw("HTTP/1.1 413 No\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n"),
    ])
    func `who is refused again and again opens no circuit breaker, whatever comes with the status`(reply: BackEndServer.Reply) async throws
    {
        try await withWebhook { request in
            request.json["topic"] == "theirs" ? reply : .allow
        } _: { gateway, _ in
            let client = try await gateway.client()
            for _ in 1...12 {
                client.publish("theirs")
                try await client.expectError(403, "forbidden")
            }
            try await gateway.client("bob").publishAcknowledged("orders")
            #expect(!gateway.log.text.contains("the module is not asked for a while"))
        }
    }

    @Test func `a no whose body takes longer than the timeout is a no`() async throws {
        let reply = BackEndServer.Reply.raw("HTTP/1.1 403 No\r\nContent-Length: 100\r\n\r\nBecause")
        try await withWebhook("timeout: 20ms, later_timeout: 60s") { _ in
            reply
        } _: { gateway, _ in
            let client = try await gateway.client()
            client.publish("orders")
            try await client.expectError(403, "forbidden")
        }
    }

    @Test func `the longest answer of the known form fits into the smallest max_answer, however it is escaped`() async throws {
        let (reason, message) = (String(repeating: "r", count: 64), String(repeating: "m", count: 256))
        let reply = #"{"allow": false, "reason": "\#(escaped(reason))", "message": "\#(escaped(message))"}"#
        try await withWebhook("max_answer: 2KiB") { [reply] _ in
            .status(200, reply)
        } _: { gateway, _ in
            let client = try await gateway.client()
            client.publish("orders")
            #expect(try await client.expectError(403, reason)["message"] == .string(message))
        }
    }

    private func escaped(_ text: String) -> String { text.utf8.map { "\\u00\(String($0, radix: 16))" }.joined() }
}
