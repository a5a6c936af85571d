import Foundation
import GatewayKit
import GatewayTestKit
import Synchronization
import Testing

/// Subscriptions that come and go on three gateways while messages flow.
struct ChurnSpec {
    private static let topics = (0..<4).map { "messages.channel.churn-\($0)" }
    /// With `max_patterns` of 2 these are told to Redis in other ways all the time.
    private static let patterns = topics + ["messages.channel.*", "messages.*.churn-1", "messages.**", "*.channel.churn-2", "**"]
    /// How many messages of each topic a subscription stays for.
    private static let stay = 5

    /// How far each topic's publisher has come: its last number that was sent, and that was acknowledged.
    private final class Progress: Sendable {
        private let state = Mutex((sent: Array(repeating: 0, count: 4), isEnding: false))

        func next(_ topic: Int) -> Int {
            state.withLock { state in
                state.sent[topic] += 1
                return state.sent[topic]
            }
        }

        var sent: [Int] { state.withLock { $0.sent } }
        var isEnding: Bool { state.withLock { $0.isEnding } }
        func end() { state.withLock { $0.isEnding = true } }
    }

    // Promise: cluster.churn
    @Test func `what is published after subscribed was read arrives, however subscriptions come and go`() async throws {
        // The rate of subscribes follows from how many there may be.
        let settings =
            ProgramCluster.quick + ["modules.redis.max_patterns=2", "limits.max_subscriptions=100000", "modules.redis.probe_timeout=30s"]
        try await ProgramCluster.with(3, try await RedisServer(), settings) { cluster in
            try await cluster.expectReadiness(200)
            try await Self.churn(cluster)
        }
    }

    private static func churn(_ cluster: ProgramCluster) async throws {
        let progress = Progress()
        let seconds = ProcessInfo.processInfo.environment["GATEWAY_CHURN_SECONDS"].flatMap(Double.init)
        let end = seconds.map { Date().addingTimeInterval($0) }
        let publishers = try await Self.topics.indices.concurrently { try await cluster.client($0 % cluster.gateways.count, "publisher") }
        let subscribers = try await (0..<9).concurrently { try await cluster.client($0 % cluster.gateways.count, "subscriber") }
        let rounds = try await withThrowingTaskGroup(of: Int.self) { group in
            for (topic, publisher) in publishers.enumerated() {
                group.addTask {
                    try await Self.publish(topic, publisher, progress)
                    return 0
                }
            }
            for (index, subscriber) in subscribers.enumerated() {
                group.addTask {
                    var rounds = 0
                    // Each in another order, the same one in every run.
                    while end.map({ Date() < $0 }) ?? (rounds < 20) {
                        try await Self.visit(Self.patterns[(index * 7 + rounds * (index + 1)) % Self.patterns.count], subscriber, progress)
                        rounds += 1
                    }
                    return rounds
                }
            }
            var (rounds, ended) = (0, 0)
            do {
                for try await more in group {
                    rounds += more
                    if more > 0 { ended += 1 }
                    if ended == subscribers.count { progress.end() }
                }
            } catch {
                // The others would wait for ever for what does not come: pings keep them patient.
                for client in publishers + subscribers { await client.drop() }
                throw error
            }
            return rounds
        }
        #expect(rounds >= 9)
        print("churn: \(rounds) subscriptions, \(progress.sent.reduce(0, +)) messages, nothing lost")
    }

    private static func publish(_ topic: Int, _ client: TestClient, _ progress: Progress) async throws {
        while !progress.isEnding {
            try await client.publishAcknowledged(topics[topic], ["number": .number(Double(progress.next(topic)))])
            // A pace that the test's own clients keep up with.
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    /// Subscribes, wants every message from the next one on, and leaves.
    private static func visit(_ pattern: String, _ client: TestClient, _ progress: Progress) async throws {
        client.send(["type": "subscribe", "topic": .string(pattern)])
        var last: [Int?] = Array(repeating: nil, count: topics.count)
        var floor: [Int]?
        let wanted = try TopicPattern(pattern)
        var missing = Set(try topics.indices.filter { wanted.matches(try Topic(topics[$0])) })
        var counts = Array(repeating: 0, count: topics.count)
        while floor == nil || !missing.isEmpty {
            let frame = try await client.frame()
            if frame["type"] == "subscribed" {
                floor = progress.sent
                continue
            }
            guard frame["type"] == "message", let number = frame["data"]?["number"]?.integer,
                let topic = topics.firstIndex(of: frame["topic"]?.string ?? "")
            else { throw Unmet(what: "a message instead of \(frame.text)") }
            // What was sent before `subscribed` was read may come or not, as another one's subscription brings it; not so what follows.
            let isOwed = floor.map { number > $0[topic] + 1 } ?? false
            let isHole = isOwed ? last[topic] != number - 1 : number <= last[topic] ?? 0
            if isHole {
                throw Unmet(
                    what: "message after \(last[topic] ?? floor?[topic] ?? 0) of \(topics[topic]) for \(pattern), instead of \(number)")
            }
            last[topic] = number
            counts[topic] += 1
            if counts[topic] >= stay { missing.remove(topic) }
        }
        client.send(["type": "unsubscribe", "topic": .string(pattern)])
        while try await client.frame()["type"] != "unsubscribed" {}
    }
}
