import GatewayKit
import GatewayTestKit
import Synchronization
import Testing
import Webhook

/// Connection events on their way to the back end: each once, in order.
@Suite struct EventTests {
    private func settings(_ server: BackEndServer, _ more: String = "") -> String {
        "{events_url: \(server.url("/events")), timeout: 30s\(more.isEmpty ? "" : ", ")\(more)}"
    }

    private func withEvents(
        _ more: String = "", loops: Int = 1,
        _ reply: @escaping @Sendable (BackEndServer.Request) -> BackEndServer.Reply = { _ in .status(204) },
        _ body: (TestGateway, BackEndServer) async throws -> Void
    ) async throws {
        try await BackEndServer.with(reply) { server in
            try await TestGateway.with(Webhook.self, settings(server, more), over: .memory, eventLoops: loops) { gateway in
                try await body(gateway, server)
            }
        }
    }

    @Test func `who comes and goes is told, with nothing else`() async throws {
        try await withEvents("events: [opened, authenticated, closed]") { gateway, server in
            let client = try await gateway.client()
            try await client.subscribe("orders")
            try await client.close(4000)
            try await eventually("all is told") { server.events.count == 3 }
            let events = server.events
            #expect(events.map { $0["event"] } == ["opened", "authenticated", "closed"])
            #expect(events.map { $0["sequence"] } == [1, 2, 3])
            #expect(events.map { $0["user"] } == [nil, "alice", "alice"])
            #expect(Set(events.map { $0["connection"] }).count == 1)
            #expect(events[2]["code"] == 4000 && events[2]["reason"] == "client_closed_4000")
            #expect(server.requests.allSatisfy { $0.path == "/events" && $0.json["gateway"]?.string?.isEmpty == false })
        }
    }

    @Test(arguments: [BackEndServer.Reply.status(204), .status(200, String(repeating: "x", count: 17 << 10))])
    func `only the events are told that are asked for, and each once`(reply: BackEndServer.Reply) async throws {
        try await withEvents { _ in
            reply
        } _: { gateway, server in
            try await gateway.client().close()
            try await eventually("all is told") { server.events.count == 2 }
            #expect(server.events.map { $0["event"] } == ["authenticated", "closed"])
            await gateway.stop()
            #expect(server.events.count == 2)
        }
    }

    @Test func `while one batch is under way the others wait, and go together in order`() async throws {
        try await withEvents { _ in
            .wait
        } _: { gateway, server in
            let first = try await gateway.client("user-0")
            try await eventually("the first is posted") { server.waitingCount == 1 }
            var clients = [first]
            for number in 1...5 { clients.append(try await gateway.client("user-\(number)")) }
            server.answer(.status(204))
            try await eventually("the others are posted") { server.waitingCount == 1 }
            server.answer(.status(204))
            #expect(server.requests.count == 2)
            #expect(server.events.map { $0["user"]?.string } == (0...5).map { "user-\($0)" })
        }
    }

    @Test(arguments: [BackEndServer.Reply.status(500), .status(429), .hangUp, .raw("nonsense\r\n\r\n")])
    func `what the back end does not take is posted again, and nothing overtakes it`(reply: BackEndServer.Reply) async throws {
        let tries = Atomic<Int>(0)
        try await withEvents { _ in
            tries.wrappingAdd(1, ordering: .relaxed).newValue <= 2 ? reply : .status(204)
        } _: { gateway, server in
            let client = try await gateway.client("alice")
            try await eventually("it is tried again") { server.requests.count > 1 }
            let other = try await gateway.client("bob")
            try await eventually("it is taken") { server.events.contains { $0["user"] == "bob" } }
            let bodies = server.requests.map(\.body)
            #expect(bodies[0] == bodies[1] && bodies[1] == bodies[2])
            #expect(server.requests[2...].flatMap(\.events).map { $0["user"] } == ["alice", "bob"])
            try await client.close()
            try await other.close()
        }
    }

    @Test func `what it does not want is not posted again, and the log counts it`() async throws {
        try await withEvents { _ in
            .status(400)
        } _: { gateway, server in
            try await gateway.client().close()
            try await eventually("both are refused") { server.events.count == 2 }
            try await eventually("the log says so") { gateway.log.text.contains("the back end answered 400") }
            #expect(gateway.log.lines.first { $0.message == "connection events lost" }?.fields["count"] == "1")
        }
    }

    @Test func `after some tries a batch is given up, and the next one is posted`() async throws {
        try await withEvents("event_attempts: 2") { request in
            request.events.contains { $0["user"] == "alice" } ? .status(500) : .status(204)
        } _: { gateway, server in
            let alice = try await gateway.client("alice")
            try await eventually("it is given up") { gateway.log.text.contains("connection events lost") }
            let bob = try await gateway.client("bob")
            try await eventually("the next one comes") { server.events.last?["user"] == "bob" }
            #expect(server.events.map { $0["user"] } == ["alice", "alice", "bob"])
            withExtendedLifetime((alice, bob)) {}
        }
    }

    @Test func `where too many wait the oldest are lost, and the log counts them`() async throws {
        try await withEvents("events: [authenticated], max_events: 3") { _ in
            .wait
        } _: { gateway, server in
            var clients = [try await gateway.client("user-0")]
            try await eventually("the first is posted") { server.waitingCount == 1 }
            for number in 1...5 { clients.append(try await gateway.client("user-\(number)")) }
            server.answer(.status(204))
            try await eventually("the others are posted") { server.waitingCount == 1 }
            server.answer(.status(204))
            #expect(server.events.map { $0["user"]?.string } == ["user-0", "user-3", "user-4", "user-5"])
            #expect(server.events.map { $0["sequence"]?.integer } == [1, 4, 5, 6])
            await gateway.stop()
            let lost = gateway.log.lines.filter { $0.message == "connection events lost" }.compactMap { Int($0.fields["count"] ?? "") }
            #expect(lost.first == 1 && lost.reduce(0, +) == 2)
        }
    }

    @Test func `what happens as the gateway goes down is told before it is down`() async throws {
        try await withEvents { gateway, server in
            let clients = [try await gateway.client("alice"), try await gateway.client("bob")]
            await gateway.stop()
            let ends = server.events.filter { $0["event"] == "closed" }
            #expect(Set(ends.map { $0["user"] }) == ["alice", "bob"])
            #expect(ends.allSatisfy { $0["code"] == 1001 && $0["reason"] == "draining" })
            withExtendedLifetime(clients) {}
        }
    }

    @Test func `a back end that says nothing does not keep the gateway from stopping`() async throws {
        try await withEvents { _ in
            .wait
        } _: { gateway, server in
            let client = try await gateway.client()
            try await eventually("it is posted") { server.waitingCount == 1 }
            await gateway.stop()
            #expect(gateway.log.lines.last { $0.message == "connection events lost" }?.fields["count"] == "2")
            withExtendedLifetime(client) {}
        }
    }

    @Test(arguments: [1, 2]) func `over reloads every event is told once, and in order`(loops: Int) async throws {
        try await withEvents("events: [opened, authenticated, closed]", loops: loops) { gateway, server in
            let mover = Task {
                for number in 1...30 {
                    let more = "events: [opened, authenticated, closed], max_events: \(1000 + number)"
                    try await gateway.reload(Webhook.self, settings(server, more))
                }
            }
            var count = 0
            while count < 60 {
                let client = try await gateway.client("user-\(count)")
                try await client.close()
                count += 1
            }
            try await mover.value
            try await eventually("all is told") { server.events.count >= 3 * count }
            let events = server.events
            #expect(events.map { $0["sequence"]?.integer } == Array(1...(3 * count)))
            let kinds = Dictionary(grouping: events) { $0["connection"]?.string ?? "" }.values.map { $0.map { $0["event"]?.string ?? "" } }
            #expect(Set(kinds) == [["opened", "authenticated", "closed"]])
        }
    }

    @Test func `a batch under way at a reload is not posted twice`() async throws {
        try await withEvents("events: [authenticated]") { _ in
            .wait
        } _: { gateway, server in
            let alice = try await gateway.client("alice")
            try await eventually("it is posted") { server.waitingCount == 1 }
            try await gateway.reload(Webhook.self, settings(server, "events: [authenticated], max_events: 5"))
            let bob = try await gateway.client("bob")
            server.answer(.status(204))
            try await eventually("the next one comes") { server.waitingCount == 1 }
            server.answer(.status(204))
            #expect(server.events.map { $0["user"] } == ["alice", "bob"])
            withExtendedLifetime((alice, bob)) {}
        }
    }

    @Test func `where a reload goes elsewhere, so do the events`() async throws {
        try await withEvents { gateway, server in
            try await BackEndServer.with({ _ in .status(204) }) { other in
                let client = try await gateway.client()
                try await eventually("it is told") { server.events.count == 1 }
                try await gateway.reload(Webhook.self, settings(other))
                try await client.close()
                try await eventually("the end is told") { other.events.count == 1 }
                #expect(other.events.first?["event"] == "closed" && other.events.first?["sequence"] == 2)
                #expect(server.events.count == 1)
                try await gateway.reload(Webhook.self, settings(server))
            }
        }
    }
}

extension BackEndServer {
    /// The events of all posts so far.
    fileprivate var events: [JSON] { requests.flatMap(\.events) }
}

extension BackEndServer.Request {
    /// The events of a post.
    fileprivate var events: [JSON] { json["events"]?.elements ?? [] }
}
