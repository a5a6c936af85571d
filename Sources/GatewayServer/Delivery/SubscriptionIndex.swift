import GatewayKit
import NIOCore

// Previous: the route stage, which let the publish pass. Next: Delivery/Outbox.swift, which sends.

/// Who on this loop gets what: exact topics in a table, wildcards in a tree, and a bounded cache from topic to receivers.
final class SubscriptionIndex {
    /// What is known of one topic.
    private final class Entry {
        var exact = SubscriptionList()
        /// Exact and wildcard receivers, once each; valid for one generation.
        var merged: ContiguousArray<Outbox>?
        var generation = 0
    }

    private var topics: [Topic: Entry] = [:]
    private let patterns = PatternTree()
    /// Rises with every change that makes merged lists wrong.
    private var generation = 0
    private var trimmedGeneration = 0
    /// Topics with a merged list: the cache.
    private var cached: [Topic] = []
    private var stamp = 0
    private static let maxCached = 65536

    /// Adds a subscription; answers whether it is the first of its pattern on this loop.
    func add(_ subscription: Subscription) -> Bool {
        guard let topic = subscription.pattern.topic else {
            generation += 1
            return patterns.add(subscription)
        }
        let entry = topics[topic] ?? Entry()
        topics[topic] = entry
        entry.exact.append(subscription)
        entry.merged = nil
        return entry.exact.subscriptions.count == 1
    }

    /// Removes a subscription; answers whether it was the last of its pattern on this loop.
    func remove(_ subscription: Subscription) -> Bool {
        guard let topic = subscription.pattern.topic else {
            generation += 1
            return patterns.remove(subscription)
        }
        guard let entry = topics[topic] else { return false }
        entry.exact.remove(subscription)
        entry.merged = nil
        if entry.exact.isEmpty { topics[topic] = nil }
        return entry.exact.isEmpty
    }

    /// Makes the index ask the filters again: what a connection may have has changed.
    func filtersChanged() { generation += 1 }

    /// The connections that get a message of the topic, each once.
    ///
    /// Allocates nothing where the topic is known.
    func receivers(of topic: Topic) -> ContiguousArray<Outbox> {
        guard patterns.count > 0 else { return topics[topic]?.exact.outboxes ?? [] }
        if let entry = topics[topic] {
            if entry.generation == generation, let merged = entry.merged { return merged }
            return merge(topic, entry)
        }
        if cached.count >= Self.maxCached { dropCache() }
        let entry = Entry()
        let key = Topic(unchecked: ByteBuffer(bytes: topic.bytes.readableBytesView))
        topics[key] = entry
        return merge(key, entry)
    }

    /// Everyone who subscribed to exactly this topic.
    func exactReceivers(of topic: Topic) -> ContiguousArray<Outbox> { topics[topic]?.exact.outboxes ?? [] }

    /// Calls `body` with every wildcard subscription that matches the topic and may have it.
    func forEachWildcard(_ topic: Topic, _ body: (Subscription) -> Void) {
        patterns.forEachMatch(topic) { if $0.admits(topic) { body($0) } }
    }

    /// Gives back what a change has made useless.
    ///
    /// Called at every tick.
    func trim() {
        if generation != trimmedGeneration { dropCache() }
    }

    private func merge(_ topic: Topic, _ entry: Entry) -> ContiguousArray<Outbox> {
        if entry.merged == nil { cached.append(topic) }
        stamp += 1
        var merged = entry.exact.outboxes
        for outbox in merged { outbox.mark = stamp }
        patterns.forEachMatch(topic) { subscription in
            guard subscription.outbox.mark != stamp, subscription.admits(topic) else { return }
            subscription.outbox.mark = stamp
            merged.append(subscription.outbox)
        }
        entry.merged = merged
        entry.generation = generation
        return merged
    }

    private func dropCache() {
        for topic in cached {
            guard let entry = topics[topic] else { continue }
            entry.merged = nil
            if entry.exact.isEmpty { topics[topic] = nil }
        }
        cached.removeAll()
        trimmedGeneration = generation
    }
}

@available(*, unavailable)
extension SubscriptionIndex: Sendable {}
