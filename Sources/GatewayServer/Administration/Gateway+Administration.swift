package import GatewayKit
import NIOCore

/// What the admin API asks of a running gateway.
///
/// Callable on any thread; everything throws ``Rejection`` where a loop does not answer in time.
extension Gateway {
    /// The gateway's clocks.
    package var clock: GatewayClock { core.clock }

    /// What the adapter says of itself.
    package var adapterHealth: AdapterHealth { generation.adapter.health }

    /// Live connections in the order of their ids.
    ///
    /// - Parameters:
    ///   - limit: How many at most.
    ///   - after: Only those with a greater id.
    ///   - user: Only those of this user.
    /// - Returns: The connections, and whether there are more behind the last.
    /// - Throws: ``Rejection`` where a loop does not answer in time.
    package func connections(
        limit: Int, after: ConnectionID? = nil, user: String? = nil
    ) async throws -> (connections: [ConnectionSummary], hasMore: Bool) {
        let limit = max(1, limit)
        var all = ConnectionPage(limit: limit + 1, after: after)
        let pages = try await core.scan(all) { session, page in
            if user.map({ session.connection.principal?.userID.hasSameBytes(as: $0) ?? false }) ?? true { page.add(session) }
        }
        for page in pages { all.add(page) }
        return (Array(all.connections.prefix(limit)), all.connections.count > limit)
    }

    /// One live connection; nil where there is none of that id.
    package func connection(_ id: ConnectionID) async throws -> ConnectionDetails? {
        try await core.scan(nil) { (session, found: inout ConnectionDetails?) in
            if session.connection.id == id { found = ConnectionDetails(session) }
        }.compactMap { $0 }.first
    }

    /// Closes a connection with 1008 `disconnected`.
    ///
    /// - Returns: Whether there was one of that id.
    package func disconnect(_ id: ConnectionID) async throws -> Bool {
        try await disconnect { $0.connection.id == id } > 0
    }

    /// Closes every connection of a user with 1008 `disconnected`; one that opens meanwhile may stay.
    ///
    /// - Returns: How many there were.
    package func disconnect(user: String) async throws -> Int {
        try await disconnect { $0.connection.principal?.userID.hasSameBytes(as: user) ?? false }
    }

    private func disconnect(_ isMeant: @escaping @Sendable (Session) -> Bool) async throws -> Int {
        try await core.scan(0) { session, count in
            guard isMeant(session) else { return }
            session.close(.disconnected, code: 1008)
            count += 1
        }.reduce(0, +)
    }

    /// The topics and patterns that most connections are subscribed to.
    ///
    /// - Parameter limit: How many at most.
    /// - Returns: Those with the most subscribers first.
    /// - Throws: ``Rejection`` where a loop does not answer in time.
    package func topics(limit: Int) async throws -> TopicList {
        var all = TopicCounts()
        for counts in try await core.scan(all, { $1.add($0) }) { all.add(counts) }
        let entries = all.subscribers.map { TopicList.Entry(pattern: $0.key.description, subscribers: $0.value) }
            .sorted { ($1.subscribers, $0.pattern) < ($0.subscribers, $1.pattern) }
        return TopicList(topics: Array(entries.prefix(max(0, limit))), total: entries.count, isComplete: all.isComplete)
    }
}
