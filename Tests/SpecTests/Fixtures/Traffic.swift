import Foundation
import GatewayTestKit
import Synchronization

/// Numbered messages through a cluster: a publisher on each node, and on each node a subscriber of the topics and one of a wildcard.
///
/// It counts what was lost, came twice or out of order, by what publishers were told and subscribers were told.
final class Traffic: Sendable {
    /// What became of all messages.
    struct Count: Equatable {
        /// Messages whose `ack` came.
        var acknowledged = 0
        /// Messages that were refused.
        var refused = 0
        /// Deliveries of acknowledged messages that did not come, and that a `gap` notice told of.
        var told = 0
        /// Deliveries of acknowledged messages that did not come, and that nobody told of.
        var lost = 0
        /// Messages that a connection got twice.
        var duplicated = 0
        /// Messages that came after a later one of the same publisher.
        var disordered = 0
        /// Messages that were refused and came nevertheless, to anybody.
        var delivered = 0
        /// Gap notices.
        var gaps = 0
    }

    private struct Publisher {
        var sent: [Date] = []
        var acknowledged: Set<Int> = []
        var refused: Set<Int> = []
    }

    private struct Subscriber {
        /// Numbers as they came, by publisher.
        var received: [[Int]]
        /// The first number that is owed, by publisher: what was sent after `subscribed` was read; nil before.
        var owed: [Int?]
        /// Publishers that have said that they are done.
        var ended: Set<Int> = []
        var gaps: [(since: Date, told: Date)] = []
    }

    private struct State {
        var publishers: [Publisher]
        var subscribers: [Subscriber]
        var isEnding = false
    }

    private let cluster: ProgramCluster
    private let state: Mutex<State>

    init(_ cluster: ProgramCluster) {
        self.cluster = cluster
        let publishers = cluster.gateways.map { _ in Publisher() }
        let empty = Subscriber(received: publishers.map { _ in [] }, owed: publishers.map { _ in nil })
        state = Mutex(State(publishers: publishers, subscribers: Array(repeating: empty, count: 2 * publishers.count)))
    }

    /// Lets traffic run while `body` does, and until all that was acknowledged after it has arrived everywhere.
    ///
    /// - Parameters:
    ///   - opening: What makes messages flow, where they do not: by then there is traffic already, all of which is refused.
    ///   - body: What happens under traffic.
    /// - Returns: What became of all messages.
    /// - Throws: ``Unmet`` where something comes, or does not, that nobody expects.
    func run(
        opening: @Sendable () async throws -> Void = {}, _ body: @escaping @Sendable () async throws -> Void
    ) async throws -> Count {
        let nodes = cluster.gateways.indices
        try await withThrowingTaskGroup(of: Void.self) { group in
            for node in nodes {
                let (exact, wild) = (try await cluster.client(node), try await cluster.client(node))
                group.addTask { try await self.receive(2 * node, exact, nodes.map { (pattern: self.topic($0), publishers: [$0]) }) }
                group.addTask { try await self.receive(2 * node + 1, wild, [(pattern: "messages.channel.*", publishers: Array(nodes))]) }
                let publisher = try await cluster.client(node)
                group.addTask { try await self.publish(node, publisher) }
            }
            try await opening()
            try await eventually("everybody is subscribed") {
                state.withLock { $0.subscribers.allSatisfy { subscriber in subscriber.owed.allSatisfy { $0 != nil } } }
            }
            try await flows(50)
            try await body()
            try await flows(200)
            state.withLock { $0.isEnding = true }
            try await group.waitForAll()
        }
        return state.withLock { Self.count($0) }
    }

    /// Waits until each publisher has been refused.
    func isRefused() async throws {
        try await eventually("every publisher is refused") { state.withLock { $0.publishers.allSatisfy { !$0.refused.isEmpty } } }
    }

    /// Waits until each publisher has so many more acknowledged messages.
    private func flows(_ more: Int) async throws {
        let before = state.withLock { $0.publishers.map(\.acknowledged.count) }
        try await eventually("\(more) more messages on each node are acknowledged") {
            state.withLock { state in zip(state.publishers, before).allSatisfy { $0.acknowledged.count >= $1 + more } }
        }
    }

    private func topic(_ publisher: Int) -> String { "messages.channel.of-\(publisher)" }

    // MARK: Publishing

    /// Publishes in windows of eight, and waits for what becomes of each.
    private func publish(_ index: Int, _ client: TestClient) async throws {
        while true {
            let isLast = state.withLock { $0.isEnding }
            let numbers = state.withLock { state in
                let first = state.publishers[index].sent.count
                state.publishers[index].sent += Array(repeating: Date(), count: 8)
                return first..<first + 8
            }
            for number in numbers {
                client.send([
                    "type": "message", "topic": .string(topic(index)), "ack": true, "id": .string(String(number)),
                    "data": ["publisher": .number(Double(index)), "number": .number(Double(number))],
                ])
            }
            var refusals = 0
            for _ in numbers where try await !wasTaken(index, client) { refusals += 1 }
            if isLast, refusals == 0 {
                // What came before it is there when it is.
                return try await client.publishAcknowledged(topic(index), ["publisher": .number(Double(index)), "end": true])
            }
            // What a client does that is told to try again.
            if refusals > 0 { try await Task.sleep(for: .milliseconds(20)) }
        }
    }

    private func wasTaken(_ index: Int, _ client: TestClient) async throws -> Bool {
        let frame = try await client.frame()
        if frame["type"] == "ack", let number = frame["requestId"]?.string.flatMap({ Int($0) }) {
            state.withLock { _ = $0.publishers[index].acknowledged.insert(number) }
            return true
        }
        guard frame["details"]?["reason"] == "broker_unavailable", let number = frame["details"]?["requestId"]?.string.flatMap({ Int($0) })
        else { throw Unmet(what: "an ack or broker_unavailable instead of \(frame.text)") }
        state.withLock { _ = $0.publishers[index].refused.insert(number) }
        return false
    }

    // MARK: Receiving

    /// Subscribes, again and again where that is refused, and takes what comes until every publisher has ended.
    private func receive(_ index: Int, _ client: TestClient, _ patterns: [(pattern: String, publishers: [Int])]) async throws {
        func subscribe(_ pattern: String) { client.send(["type": "subscribe", "topic": .string(pattern), "id": .string(pattern)]) }
        for (pattern, _) in patterns { subscribe(pattern) }
        while !isComplete(index) {
            let frame = try await client.frame()
            if frame["type"] == "subscribed", let wanted = patterns.first(where: { frame["topic"]?.string == $0.pattern }) {
                state.withLock { state in
                    for publisher in wanted.publishers { state.subscribers[index].owed[publisher] = state.publishers[publisher].sent.count }
                }
            } else if frame["details"]?["reason"] == "broker_unavailable", let pattern = frame["details"]?["requestId"]?.string {
                // What a client does that is told to try again.
                try await Task.sleep(for: .milliseconds(20))
                subscribe(pattern)
            } else if frame["type"] == "message", let publisher = frame["data"]?["publisher"]?.integer {
                let number = frame["data"]?["number"]?.integer
                state.withLock { state in
                    if let number { state.subscribers[index].received[publisher].append(number) }
                    if number == nil { state.subscribers[index].ended.insert(publisher) }
                }
            } else if frame["code"] == 503, frame["details"]?["reason"] == "gap", frame["details"]?["dropped"] == .null,
                frame["details"]?["topics"]?.elements?.isEmpty == false, let since = frame["details"]?["since"]?.string,
                let date = Self.date(since)
            {
                state.withLock { $0.subscribers[index].gaps.append((since: date, told: Date())) }
            } else {
                throw Unmet(what: "a message or a gap notice instead of \(frame.text)")
            }
        }
    }

    /// Whether every publisher has said that it is done.
    private func isComplete(_ index: Int) -> Bool {
        state.withLock { $0.subscribers[index].ended.count == $0.publishers.count }
    }

    private static func date(_ text: String) -> Date? {
        try? Date(text, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    }

    // MARK: Counting

    private static func count(_ state: State) -> Count {
        var count = Count()
        for (index, publisher) in state.publishers.enumerated() {
            count.acknowledged += publisher.acknowledged.count
            count.refused += publisher.refused.count
            var delivered: Set<Int> = []
            for subscriber in state.subscribers {
                let received = subscriber.received[index]
                let seen = Set(received)
                delivered.formUnion(seen)
                count.duplicated += received.count - seen.count
                count.disordered += zip(received, received.dropFirst()).count { $1 < $0 }
                for number in publisher.acknowledged.subtracting(seen) where number >= subscriber.owed[index] ?? 0 {
                    // A message can be on its way for a moment when the notice says since when they were lost.
                    let isTold = subscriber.gaps.contains { (($0.since - 1)...$0.told).contains(publisher.sent[number]) }
                    if isTold { count.told += 1 } else { count.lost += 1 }
                }
            }
            count.delivered += publisher.refused.intersection(delivered).count
        }
        count.gaps = state.subscribers.reduce(0) { $0 + $1.gaps.count }
        return count
    }
}
