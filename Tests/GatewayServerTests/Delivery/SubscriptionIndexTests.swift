import GatewayKit
import GatewayTestKit
import NIOCore
import Testing

@testable import GatewayServer

@Suite struct SubscriptionIndexTests {
    /// What the index should answer, worked out by going through everything.
    private struct Model {
        var subscriptions: [(client: Int, pattern: TopicPattern)] = []
        func receivers(_ topic: Topic) -> Set<Int> { Set(subscriptions.filter { $0.pattern.matches(topic) }.map(\.client)) }
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func `the index agrees with a search through all subscriptions`(seed: UInt64) async throws {
        try await withShard { shard in
            var random = SeededRandom(seed: seed)
            let outboxes = (0..<8).map { _ in Outbox(shard: shard, context: nil) }
            let index = SubscriptionIndex()
            var model = Model()
            var live: [(client: Int, subscription: Subscription)] = []
            for _ in 0..<400 {
                if live.isEmpty || random.next() % 3 > 0 {
                    let client = Int(random.next() % 8)
                    let pattern = try TopicPattern(random.pattern())
                    if live.contains(where: { $0.client == client && $0.subscription.pattern == pattern }) { continue }
                    let subscription = Subscription(outbox: outboxes[client], pattern: pattern, restrictions: [])
                    let isFirst = index.add(subscription)
                    #expect(isFirst != live.contains { $0.subscription.pattern == pattern })
                    live.append((client, subscription))
                } else {
                    let gone = live.remove(at: Int(random.next() % UInt64(live.count)))
                    let wasLast = index.remove(gone.subscription)
                    #expect(wasLast != live.contains { $0.subscription.pattern == gone.subscription.pattern })
                }
                if random.next() % 8 == 0 { index.trim() }
                model.subscriptions = live.map { ($0.client, $0.subscription.pattern) }
                let topic = try Topic(random.topic())
                let receivers = index.receivers(of: topic)
                let found = receivers.compactMap { receiver in outboxes.firstIndex { $0 === receiver } }
                #expect(Set(found) == model.receivers(topic))
                #expect(found.count == Set(found).count)
            }
        }
    }

    @Test func `a topic that comes and goes under a wildcard is cached once, and keeps no buffer that it was read from`() async throws {
        try await withShard { shard in
            let outbox = Outbox(shard: shard, context: nil)
            let index = SubscriptionIndex()
            _ = index.add(Subscription(outbox: outbox, pattern: try TopicPattern("**"), restrictions: []))
            var read = ByteBuffer(string: "chat.general and whatever else one read has brought")
            for _ in 0..<100 {
                let subscription = Subscription(outbox: outbox, pattern: try TopicPattern("chat.general"), restrictions: [])
                _ = index.add(subscription)
                #expect(index.receivers(of: try Topic(try #require(read.getSlice(at: 0, length: 12)))).count == 1)
                #expect(index.remove(subscription))
            }
            #expect(index.cached == (topics: 1, receivers: 0))
            let isFree = read.modifyIfUniquelyOwned { _ in true }
            #expect(isFree == true)
        }
    }

    @Test func `the cache is bounded by its topics and by all their receivers`() async throws {
        try await withShard { shard in
            let index = SubscriptionIndex(maxTopics: 100, maxReceivers: 300)
            for _ in 0..<10 {
                _ = index.add(Subscription(outbox: Outbox(shard: shard, context: nil), pattern: try TopicPattern("*"), restrictions: []))
            }
            for number in 0..<1000 {
                // Every other topic has a subscription of its own, so that both ways into the cache are taken.
                let pattern = try TopicPattern("t\(number)")
                if number % 2 == 0 {
                    _ = index.add(Subscription(outbox: Outbox(shard: shard, context: nil), pattern: pattern, restrictions: []))
                }
                #expect(index.receivers(of: try Topic("t\(number)")).count == 11 - number % 2)
                #expect(index.receivers(of: try Topic("none.\(number)")).isEmpty)
                #expect(index.cached.topics <= 100 && index.cached.receivers <= 300)
            }
            index.filtersChanged()
            index.trim()
            #expect(index.cached == (topics: 0, receivers: 0))
        }
    }

    @Test func `a topic nobody may see under a filter has no receivers, until the filter changes`() async throws {
        try await withShard { shard in
            let outbox = Outbox(shard: shard, context: nil)
            let index = SubscriptionIndex()
            let subscription = Subscription(outbox: outbox, pattern: try TopicPattern("a.**"), restrictions: [TopicRestriction(Nothing())])
            _ = index.add(subscription)
            #expect(index.receivers(of: try Topic("a.b")).isEmpty)
            subscription.restrictions = []
            index.filtersChanged()
            #expect(index.receivers(of: try Topic("a.b")).count == 1)
        }
    }
}

private struct Nothing: TopicFilter {
    func admits(_ topic: Topic, _ connection: Connection) -> Bool { false }
}

extension SeededRandom {
    fileprivate mutating func topic() -> String {
        (0...Int(next() % 3)).map { _ in ["a", "b", "cc"][Int(next() % 3)] }.joined(separator: ".")
    }

    fileprivate mutating func pattern() -> String {
        var segments = (0...Int(next() % 3)).map { _ in ["a", "b", "cc", "*"][Int(next() % 4)] }
        if next() % 4 == 0 { segments[segments.count - 1] = "**" }
        return segments.joined(separator: ".")
    }
}
