import GatewayKit
import GatewayTestKit
import NIOCore
import Testing

struct PresenceTests {
    @Test(arguments: [1, 2]) func `each connection joins before it publishes, and leaves after it`(loops: Int) async throws {
        try await withWatcher(loops) { gateway, watcher in
            let alice = try await joined("alice", gateway, watcher)
            alice.publish("chat", "Hello")
            try await alice.close()
            try await watcher.expectMessage("chat", "Hello")
            let left = try await watcher.expectMessage("presence.alice", "left")
            #expect(left["eventType"] == "presence")
            #expect(left["metadata"]?["senderId"] == "alice")
        }
    }

    @Test(arguments: [1, 2]) func `two connections of a user are told of by themselves`(loops: Int) async throws {
        try await withWatcher(loops) { gateway, watcher in
            let (phone, laptop) = (try await gateway.connect(), try await gateway.connect())
            try await phone.authenticate("alice")
            let first = try await watcher.expectMessage("presence.alice", "joined")
            try await laptop.authenticate("alice")
            let second = try await watcher.expectMessage("presence.alice", "joined")
            try await laptop.close()
            #expect(try await watcher.expectMessage("presence.alice", "left").connection == second.connection)
            try await phone.close()
            #expect(try await watcher.expectMessage("presence.alice", "left").connection == first.connection)
            #expect(first.connection != second.connection)
        }
    }

    @Test(arguments: Cut.allCases, [1, 2]) func `who is cut off leaves once`(_ cut: Cut, loops: Int) async throws {
        try await withWatcher(loops) { gateway, watcher in
            let alice = try await joined("alice", gateway, watcher)
            try await cut.end(alice, "alice", watcher, gateway)
            try await watcher.expectMessage("presence.alice", "left")
            _ = try await joined("bob", gateway, watcher)
        }
    }

    @Test(arguments: [1, 2]) func `nothing is told of nobody, and of names that are no part of a topic`(loops: Int) async throws {
        try await withWatcher(loops) { gateway, watcher in
            try await gateway.connect().close()
            for name in ["a b", "*", "$SYS", String(repeating: "x", count: 256)] {
                let client = try await gateway.connect()
                try await client.authenticate(name)
                try await client.close()
            }
            _ = try await joined("alice", gateway, watcher)
        }
    }

    @Test func `nobody else says who is there`() async throws {
        try await withWatcher(1) { _, watcher in
            watcher.publish("presence.alice", "joined")
            try await watcher.expectError(403, "forbidden")
            try await watcher.publishAcknowledged("presence")
        }
    }

    @Test func `after a reload who has joined leaves, and nobody else`() {
        let presence = PresenceTester()
        let (alice, bob) = (presence.tester.connect(userID: "alice"), presence.tester.connect(userID: "bob"))
        presence.make().authenticated(alice.connection)
        let reloaded = presence.make()
        for client in [bob, alice] { reloaded.closed(client.connection, ConnectionEnd(code: 1000, reason: .draining)) }
        #expect(presence.publisher.events == ["presence.alice \"joined\"", "presence.alice \"left\""])
        #expect(presence.log.lines.isEmpty)
    }

    @Test(arguments: ["at once", "later", "never"]) func `what is not taken stands in the log`(_ when: String) {
        let presence = PresenceTester()
        let eventLoop = presence.tester.eventLoop
        let refusal = Verdict<Rejection>.refuse(Rejection(.brokerUnavailable, "The broker is away"))
        switch when {
        case "at once": presence.publisher.answer(refusal)
        case "later": presence.publisher.answer(.later(eventLoop.makeSucceededFuture(refusal)))
        default: presence.publisher.answer(.later(eventLoop.makeFailedFuture(ChannelError.eof)))
        }
        presence.make().authenticated(presence.tester.connect(userID: "alice").connection)
        #expect(presence.log.lines.map(\.message) == ["nobody hears 'joined' on presence.alice"])
        #expect(presence.log.lines.map { $0.fields["reason"] } == [when == "never" ? "no answer" : "broker_unavailable"])
    }

    @Test(arguments: ModuleConformance<Presence>.checks)
    func `it does what every module has to do`(check: ModuleConformance<Presence>.Check) async throws {
        try await ModuleConformance(Presence.self).run(check)
    }

    /// A gateway, and a client that hears of everybody but itself.
    private func withWatcher(_ loops: Int, _ body: (TestGateway, TestClient) async throws -> Void) async throws {
        try await TestGateway.with(Presence.self, eventLoops: loops) { gateway in
            let watcher = try await gateway.connect()
            try await watcher.authenticate("watcher")
            try await watcher.subscribe("presence.*", "chat")
            try await body(gateway, watcher)
        }
    }

    private func joined(_ user: String, _ gateway: TestGateway, _ watcher: TestClient) async throws -> TestClient {
        let client = try await gateway.connect()
        try await client.authenticate(user)
        try await watcher.expectMessage("presence.\(user)", "joined")
        return client
    }
}

extension JSON {
    fileprivate var connection: JSON? { self["metadata"]?["senderConnectionId"] }
}
