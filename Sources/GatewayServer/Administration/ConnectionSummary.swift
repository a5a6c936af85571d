package import GatewayKit

/// One live connection, as an administrator sees it.
package struct ConnectionSummary: Sendable {
    package let id: ConnectionID
    /// The user; nil until it has authenticated.
    package let user: String?
    package let address: ClientAddress
    package let connectedAt: Timestamp
    package let subscriptions: Int
    /// Bytes that the client has not taken yet.
    package let queuedBytes: Int
    package let receivedBytes: Int
    package let sentBytes: Int

    init(_ session: Session) {
        id = session.connection.id
        user = session.connection.principal?.userID
        address = session.connection.address
        connectedAt = session.connectedAt
        subscriptions = session.subscriptions.count
        queuedBytes = session.outbox.queuedBytes
        receivedBytes = session.receivedBytes
        sentBytes = session.outbox.sentBytes
    }
}

/// A live connection with what it is subscribed to.
package struct ConnectionDetails: Sendable {
    package let summary: ConnectionSummary
    /// In alphabetical order; the first thousand.
    package let patterns: [String]

    init(_ session: Session) {
        summary = ConnectionSummary(session)
        patterns = session.subscriptions.keys.prefix(1000).map(\.description).sorted()
    }
}

/// The connections with the smallest ids behind one, no more than asked for.
struct ConnectionPage: Sendable {
    private let limit: Int
    private let after: ConnectionID?
    private(set) var connections: [ConnectionSummary] = []
    /// From here on there are enough that come before.
    private var end: ConnectionID?

    init(limit: Int, after: ConnectionID?) {
        self.limit = limit
        self.after = after
    }

    mutating func add(_ session: Session) {
        let id = session.connection.id
        if let after, id <= after { return }
        if let end, id > end { return }
        connections.append(ConnectionSummary(session))
        // Sorting now and then, and not for each, keeps a large loop's page cheap.
        if connections.count >= 2 * limit { cut() }
    }

    mutating func add(_ other: ConnectionPage) {
        connections += other.connections
        cut()
    }

    private mutating func cut() {
        connections.sort { $0.id < $1.id }
        guard connections.count > limit else { return }
        connections.removeLast(connections.count - limit)
        end = connections.last?.id
    }
}
