import GatewayKit
import GatewayTestKit
import NIOCore
import Testing

/// What the document says about topics, patterns and the automatic broadcast of created messages.
struct TopicsAndSubscriptionsSpec {
    // Promise: topics.names
    @Test(arguments: eventLoops, ["messages", "messages.user.123", "messages.channel.general", "notifications.user.456"])
    func `a topic names a resource, a scope and an identifier`(loops: Int, topic: String) async throws {
        try await withGateway(loops: loops) { gateway in
            let client = try await gateway.client()
            try await client.subscribe(topic)
            client.publish(topic, "for you")
            try await client.expectMessage(topic, "for you")
        }
    }

    // Promise: topics.single_123, topics.single_456, topics.single_channel
    @Test(
        arguments: eventLoops,
        [("messages.user.123", true), ("messages.user.456", true), ("messages.channel.general", false)])
    func `one star is one segment`(loops: Int, row: (topic: String, matches: Bool)) async throws {
        try await deliver(row.topic, to: "messages.user.*", row.matches, loops: loops)
    }

    // Promise: topics.multi_user, topics.multi_channel, topics.multi_deep
    @Test(
        arguments: eventLoops,
        [
            ("messages.user.123", true), ("messages.channel.general", true), ("messages.user.123.replies", true),
            ("notifications.user.1", false),
        ])
    func `two stars are any further segments`(loops: Int, row: (topic: String, matches: Bool)) async throws {
        try await deliver(row.topic, to: "messages.**", row.matches, loops: loops)
    }

    private func deliver(_ topic: String, to pattern: String, _ matches: Bool, loops: Int) async throws {
        try await withGateway(loops: loops) { gateway in
            let (alice, bob) = (try await gateway.client("alice"), try await gateway.client("bob"))
            try await alice.subscribe(pattern)
            try await bob.publishAcknowledged(topic)
            if matches { try await alice.expectMessage(topic) }
            try await gateway.expectNothingElse(alice)
        }
    }

    // Promise: topics.created_all, topics.created_sender, topics.created_recipient, topics.created_channel
    @Test(arguments: eventLoops) func `one event reaches the feed of everybody, of both users and of the channel`(loops: Int) async throws {
        try await withGateway(loops: loops) { gateway in
            let feeds = ["messages", "messages.user.s", "messages.user.r", "messages.channel.c"]
            var clients: [TestClient] = []
            for feed in feeds {
                clients.append(try await gateway.client("reader of \(feed)"))
                try await clients[clients.count - 1].subscribe(feed)
            }
            try await gateway.publish(try event(feeds, data: #"{"content":"Hello!"}"#))
            for (client, feed) in zip(clients, feeds) {
                let frame = try await client.expectMessage(feed, ["content": "Hello!"])
                #expect(frame["eventType"] == "message.sent")
                #expect(frame["metadata"]?["senderConnectionId"] == .null)
            }
        }
    }
}

/// An event as the HTTP side makes it: several topics, no connection.
func event(_ topics: [String], data: String, sender: String? = "user-abc") throws -> Event {
    let topics = try topics.map { try Topic($0) }
    let message = Message(data: ByteBuffer(string: data), metadata: ByteBuffer(), eventType: ByteBuffer(string: "message.sent"))
    guard let first = topics.first else { throw Unmet(what: "a topic") }
    return Event(topic: first, otherTopics: Array(topics.dropFirst()), message: message, sender: Sender(userID: sender, connection: nil))
}
