import GatewayTestKit
import Testing

/// What the document's overview promises.
struct OverviewSpec {
    // Promise: overview.realtime
    @Test(arguments: eventLoops) func `what one client says reaches another without being asked for`(loops: Int) async throws {
        try await withGateway(loops: loops) { gateway in
            let (alice, bob) = (try await gateway.client("alice"), try await gateway.client("bob"))
            try await alice.subscribe("chat")
            try await bob.subscribe("chat")
            bob.publish("chat", "hello")
            try await alice.expectMessage("chat", "hello")
            try await bob.expectMessage("chat", "hello")
            alice.publish("chat", "hello yourself")
            try await bob.expectMessage("chat", "hello yourself")
        }
    }

    // Promise: overview.jwt
    @Test(arguments: eventLoops) func `a client is who its token says`(loops: Int) async throws {
        try await withGateway(loops: loops) { gateway in
            let client = try await gateway.connect()
            let frame = try await client.authenticate(try await gateway.token("550e8400-e29b-41d4-a716-446655440000"))
            #expect(frame["userId"] == "550e8400-e29b-41d4-a716-446655440000")
        }
    }

    // Promise: overview.topics, overview.broadcast
    @Test(arguments: eventLoops) func `a message goes to every subscriber of its topic and to nobody else`(loops: Int) async throws {
        try await withGateway(loops: loops) { gateway in
            var subscribers: [TestClient] = []
            for index in 0..<6 {
                let client = try await gateway.client("user\(index)")
                try await client.subscribe(index < 5 ? "news" : "weather")
                subscribers.append(client)
            }
            try await gateway.client("editor").publishAcknowledged("news", "it is out")
            for client in subscribers.prefix(5) { try await client.expectMessage("news", "it is out") }
            try await gateway.expectNothingElse(subscribers[5])
        }
    }

    // Promise: overview.keep_alive
    @Test(arguments: eventLoops) func `both sides can ask whether the other is there`(loops: Int) async throws {
        try await withGateway(loops: loops) { gateway in
            let client = try await gateway.client()
            client.send(["type": "ping"])
            try await client.expect("pong")
            client.send(frame: TestFrame(opcode: 9, payload: Array("still there?".utf8)))
            #expect(try await client.next() == .pong(Array("still there?".utf8)))
            gateway.advance(by: .milliseconds(30_100))
            guard case .ping = try await client.next() else { throw Unmet(what: "a ping from the gateway") }
        }
    }

    // Promise: overview.wildcards
    @Test(arguments: eventLoops) func `a pattern receives what it matches`(loops: Int) async throws {
        try await withGateway(loops: loops) { gateway in
            let client = try await gateway.client()
            try await client.subscribe("messages.*.news", "orders.**")
            let publisher = try await gateway.client("bob")
            for topic in ["messages.daily.news", "messages.daily", "orders.1.paid", "orders"] {
                try await publisher.publishAcknowledged(topic)
            }
            try await client.expectMessage("messages.daily.news")
            try await client.expectMessage("orders.1.paid")
            try await gateway.expectNothingElse(client)
        }
    }

    // Promise: overview.reconnection, errors.reconnect_restores
    @Test(arguments: eventLoops) func `a client that comes back at once gets everything it had`(loops: Int) async throws {
        try await withGateway(loops: loops) { gateway in
            for attempt in 1...5 {
                let client = try await gateway.client()
                for topic in 0..<20 { try await client.subscribe("room.\(topic)") }
                client.publish("room.19", .number(Double(attempt)))
                try await client.expectMessage("room.19", .number(Double(attempt)))
                await client.reset()
            }
        }
    }

    // Promise: overview.order
    @Test(arguments: eventLoops) func `messages of one connection arrive in the order they were sent`(loops: Int) async throws {
        try await withGateway(unlimited, loops: loops) { gateway in
            var receivers: [TestClient] = []
            for index in 0..<4 {
                receivers.append(try await gateway.client("reader\(index)"))
                try await receivers[index].subscribe("ticks")
            }
            let sender = try await gateway.client("sender")
            for number in 0..<500 { sender.publish("ticks", .number(Double(number))) }
            for receiver in receivers {
                for number in 0..<500 { try await receiver.expectMessage("ticks", .number(Double(number))) }
            }
        }
    }

    // Promise: overview.graceful
    @Test(arguments: eventLoops) func `a closing handshake is answered with the same code`(loops: Int) async throws {
        try await withGateway(loops: loops) { gateway in
            let client = try await gateway.client()
            client.send(frame: .close(1000, "Client closing"))
            try await client.expectClose(1000)
            try await eventually("the connection is gone") { gateway.connectionCount == 0 }
        }
    }
}
