import GatewayKit
import NIOCore

/// The gateways of one check, and what checks do with them.
struct TestCluster: Sendable {
    let gateways: [TestGateway]
    let hasOneOrder: Bool
    let configuration: TestConfiguration
    let modules: [any Module.Type]

    /// The topic that closes what went before; see ``expectNothingElse(_:after:)``.
    private static let fence = "conformance-fence"

    /// A client of the first node.
    func publisher(_ user: String = "publisher") async throws -> TestClient { try await Self.client(gateways[0], user) }

    /// A client of each node.
    func publishers() async throws -> [TestClient] { try await clients("publisher", 1) }

    /// Two clients of each node, which lie on different event loops where there are two.
    func readers(_ user: String = "reader") async throws -> [TestClient] { try await clients(user, 2) }

    private func clients(_ user: String, _ count: Int) async throws -> [TestClient] {
        var clients: [TestClient] = []
        for gateway in gateways { for _ in 0..<count { clients.append(try await Self.client(gateway, user)) } }
        return clients
    }

    /// A client that has authenticated.
    static func client(_ gateway: TestGateway, _ token: String) async throws -> TestClient {
        let client = try await gateway.connect()
        try await client.authenticate(token)
        return client
    }

    /// What is published next by the same connection is what comes next: nothing else was left of what it published before.
    func expectNothingElse(_ readers: [TestClient], after publisher: TestClient) async throws {
        for reader in readers { try await reader.subscribe(Self.fence) }
        try await publisher.publishAcknowledged(Self.fence)
        for reader in readers {
            try await reader.expectMessage(Self.fence)
            try await reader.unsubscribe(Self.fence)
        }
    }

    /// The same for what a gateway published itself.
    func expectNothingElse(_ readers: [TestClient], after gateway: TestGateway) async throws {
        for reader in readers { try await reader.subscribe(Self.fence) }
        try await gateway.publish(try Self.event([Self.fence]))
        for reader in readers {
            try await reader.expectMessage(Self.fence)
            try await reader.unsubscribe(Self.fence)
        }
    }

    /// An event of nobody, as HTTP brings it.
    static func event(_ topics: [String], data: String = "1") throws -> Event {
        let topics = try topics.map { text in
            guard let topic = Topic(carried: ByteBuffer(string: text)) else { throw Unmet(what: "'\(text)' is a topic") }
            return topic
        }
        let message = Message(data: ByteBuffer(string: data), metadata: ByteBuffer(), eventType: ByteBuffer(string: "message.sent"))
        return Event(
            topic: topics[0], otherTopics: Array(topics.dropFirst()), message: message, sender: Sender(userID: "somebody", connection: nil))
    }
}

/// Fails a check unless something holds.
func require(_ holds: Bool, _ what: @autoclosure () -> String) throws { if !holds { throw Unmet(what: what()) } }
