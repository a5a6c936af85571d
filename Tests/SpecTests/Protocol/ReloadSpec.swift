import GatewayKit
import GatewayTestKit
import NIOCore
import Testing

/// The section about reloads, over real sockets in the test's process.
struct ReloadSpec {
    private let closed = """
        modules:
          authorization:
            rules:
              - {deny: [subscribe], topics: ["secret.**"]}
              - {allow: [subscribe, publish, ingress], topics: ["**"]}
        """

    // Promise: reload.rules
    @Test(arguments: eventLoops) func `connections stay and meet the new rules at their next message`(loops: Int) async throws {
        try await withGateway(unlimited, loops: loops) { gateway in
            let client = try await gateway.client()
            try await client.subscribe("secret.a", "open.a")
            #expect(try await gateway.reload(TestConfiguration([unlimited, closed], eventLoops: loops)) == 1)
            let ended = try await client.expect("unsubscribed")
            #expect(ended["topic"]?.string == "secret.a" && ended["details"]?["reason"]?.string == "forbidden")
            client.send(["type": "subscribe", "topic": "secret.b"])
            try await client.expectError(403, "forbidden")
            try await client.publishAcknowledged("secret.a", 1)
            client.publish("open.a", 2)
            try await client.expectMessage("open.a", 2)
            #expect(try await gateway.reload(TestConfiguration([unlimited], eventLoops: loops)) == 0)
            try await client.subscribe("secret.a")
        }
    }

    // Promise: reload.filter
    @Test func `what a wildcard shows follows the new rules`() async throws {
        try await withGateway { gateway in
            let client = try await gateway.client()
            try await client.subscribe("**")
            client.publish("secret.a", 1)
            try await client.expectMessage("secret.a", 1)
            try await gateway.reload(TestConfiguration([closed]))
            client.publish("secret.a", 2)
            client.publish("open.a", 3)
            try await client.expectMessage("open.a", 3)
        }
    }

    // Promise: reload.traffic
    @Test(arguments: [1, 2]) func `a hundred reloads under traffic lose nothing and close nobody`(loops: Int) async throws {
        try await withGateway(quiet, unlimited, loops: loops) { gateway in
            let receivers = try await (0..<8).asyncMap { _ in try await gateway.client() }
            for receiver in receivers { try await receiver.subscribe("news.*") }
            let publisher = try await gateway.client("bob")
            let reloads = Task {
                for number in 0..<100 {
                    let layer = number.isMultiple(of: 2) ? "modules: {rate_limit: {rate: 999999/s}}" : "limits: {max_batch: 99}"
                    try await gateway.reload(TestConfiguration([quiet, unlimited, layer], eventLoops: loops))
                }
            }
            let count = 2_000
            for number in 0..<count {
                try await publisher.publishAcknowledged("news.a", .number(Double(number)))
            }
            try await reloads.value
            for receiver in receivers {
                for number in 0..<count { try await receiver.expectMessage("news.a", .number(Double(number))) }
                try await receiver.expectNothingElse()
            }
            #expect(gateway.connectionCount == 9)
        }
    }

    // Promise: reload.counts
    @Test func `connections of an address are counted over reloads, and each is given back once`() async throws {
        let cap = "modules: {ip_cap: {max_connections: 2}}"
        try await withGateway(cap) { gateway in
            let first = try await gateway.client()
            try await gateway.reload(TestConfiguration([cap, "limits: {max_batch: 5}"]))
            let second = try await gateway.client()
            #expect(try await gateway.upgrade().status == 429)
            try await first.close()
            try await gateway.reload(TestConfiguration([cap]))
            let third = try await gateway.client()
            #expect(try await gateway.upgrade().status == 429)
            for client in [second, third] { try await client.close() }
            _ = try await gateway.client()
            _ = try await gateway.client()
        }
    }

    // Promise: reload.rates
    @Test func `a used-up bucket stays used up`() async throws {
        let slow = "modules: {rate_limit: {rate: 1/h, burst: 2}}"
        try await withGateway(slow) { gateway in
            let client = try await gateway.client()
            for _ in 0..<2 { try await client.publishAcknowledged("a") }
            try await gateway.reload(TestConfiguration([slow, "limits: {max_batch: 5}"]))
            client.publish("a")
            try await client.expectError(429, "rate_limited")
        }
    }

    // Promise: reload.pending
    @Test func `a verdict that is awaited over a reload counts, and a subscription meets the new rules`() async throws {
        let layers = [closed, "pipeline: {route: [waiting, authorization]}\nmodules: {waiting: {gate: reload.pending}}"]
        let gate = Gate.named("reload.pending")
        try await withGateway(layers[1]) { gateway in
            let (reader, writer) = (try await gateway.client(), try await gateway.client("bob"))
            try await reader.subscribe("secret.b")
            reader.send(["type": "subscribe", "topic": "wait.a"])
            writer.publish("wait.b")
            try await eventually("both wait") { gate.arrived == 2 }
            try await gateway.reload(TestConfiguration(["pipeline: {route: [authorization]}", closed.replacing("secret", with: "wait")]))
            gate.open()
            try await reader.expectError(403, "forbidden")
            try await writer.expectNothingElse()
        }
    }

    // Promise: reload.later
    @Test func `a subscription that a new module waits about is held, and the client told of the gap`() async throws {
        let waiting = "pipeline: {route: [waiting]}\nmodules: {waiting: {gate: reload.later}}"
        let gate = Gate.named("reload.later")
        try await withGateway { gateway in
            let client = try await gateway.client()
            try await client.subscribe("wait.a", "open.a")
            try await gateway.reload(TestConfiguration([waiting]))
            try await eventually("it waits") { gate.arrived == 1 }
            let message = Message(data: .init(string: "1"), metadata: .init(), eventType: .init(string: "message.sent"))
            for topic in ["wait.a", "open.a"] {
                try await gateway.publish(Event(topic: try Topic(topic), message: message, sender: Sender(userID: nil, connection: nil)))
            }
            try await client.expectMessage("open.a", 1)
            gate.open()
            let gap = try await client.expectError(503, "gap")
            #expect(gap["details"]?["topics"] == ["wait.a"])
            try await gateway.publish(Event(topic: try Topic("wait.a"), message: message, sender: Sender(userID: nil, connection: nil)))
            try await client.expectMessage("wait.a", 1)
        }
    }

    // Promise: reload.settings
    @Test func `limits of the core hold for who is connected`() async throws {
        try await withGateway("limits: {max_subscriptions: 20}") { gateway in
            let client = try await gateway.client()
            try await client.subscribe("a", "b")
            try await gateway.reload(TestConfiguration(["limits: {max_subscriptions: 2}", "server: {max_message_size: 1KiB, path: /new}"]))
            client.send(["type": "subscribe", "topic": "c"])
            try await client.expectError(403, "subscription_limit")
            client.publish("b", .string(String(repeating: "x", count: 2000)))
            try await client.expectError(413, "message_too_big")
            try await client.expectClose(1009)
            _ = try await gateway.connect(path: "/new")
            await #expect(throws: TestClientError.self) { try await gateway.connect() }
        }
    }

    // Promise: reload.error
    @Test func `a configuration whose module cannot be made changes nothing`() async throws {
        try await withGateway { gateway in
            let client = try await gateway.client()
            try await client.subscribe("secret.a")
            await #expect(throws: (any Error).self) {
                try await gateway.reload(TestConfiguration([closed, "modules: {jwt: {secret: null, secret_file: nowhere/jwt.secret}}"]))
            }
            try await client.publishAcknowledged("open.a")
            client.publish("secret.a", 1)
            try await client.expectMessage("secret.a", 1)
        }
    }
}

extension Sequence where Self: Sendable {
    fileprivate func asyncMap<Result>(_ transform: (Element) async throws -> Result) async throws -> [Result] {
        var results: [Result] = []
        for element in self { results.append(try await transform(element)) }
        return results
    }
}
