import GatewayKit
import NIOCore

// Previous: the route stage, which let the publish pass. Next: Delivery/Outbox.swift, which sends.

/// Who on this loop gets what: exact topics in a table, wildcards in a tree, and a bounded cache from topic to receivers.
final class SubscriptionIndex {
    /// What is known of one topic.
    private final class Entry {
        /// The topic, in bytes of its own: those that a message brought belong to a read buffer.
        let topic: Topic
        var exact = SubscriptionList()
        /// Exact and wildcard receivers, once each; valid for one generation.
        var merged: ContiguousArray<Outbox>?
        var generation = 0
        /// Whether it stands in the list of what is cached, where each stands once.
        var isListed = false

        init(_ topic: Topic) { self.topic = Topic(unchecked: ByteBuffer(bytes: topic.bytes.readableBytesView)) }
    }

    private var topics: [Topic: Entry] = [:]
    private let patterns = PatternTree<SubscriptionList>()
    /// Rises with every change that makes merged lists wrong.
    private var generation = 0
    private var trimmedGeneration = 0
    /// The cache: topics that have, or had, a merged list.
    private var listed: [Entry] = []
    /// How long all merged lists are together.
    private var mergedCount = 0
    private var stamp = 0
    private let maxTopics: Int
    private let maxReceivers: Int

    /// Makes an index.
    ///
    /// A cache that is full is dropped as a whole, and fills again with what is published.
    ///
    /// - Parameters:
    ///   - maxTopics: The most topics of the cache.
    ///   - maxReceivers: The most receivers of the cache, those of all topics together; a single list may go over it.
    init(maxTopics: Int = 1 << 16, maxReceivers: Int = 1 << 21) {
        self.maxTopics = maxTopics
        self.maxReceivers = maxReceivers
    }

    /// What the cache holds now.
    var cached: (topics: Int, receivers: Int) { (listed.count, mergedCount) }

    /// Adds a subscription; answers whether it is the first of its pattern on this loop.
    func add(_ subscription: Subscription) -> Bool {
        guard let topic = subscription.pattern.topic else {
            generation += 1
            return patterns.update(subscription.pattern) { list in
                list.append(subscription)
                return list.subscriptions.count == 1
            }
        }
        let entry = topics[topic] ?? Entry(topic)
        topics[entry.topic] = entry
        entry.exact.append(subscription)
        forget(entry)
        return entry.exact.subscriptions.count == 1
    }

    /// Removes a subscription; answers whether it was the last of its pattern on this loop.
    func remove(_ subscription: Subscription) -> Bool {
        guard let topic = subscription.pattern.topic else {
            generation += 1
            return patterns.update(subscription.pattern) { list in
                list.remove(subscription)
                return list.isEmpty
            }
        }
        guard let entry = topics[topic] else { return false }
        entry.exact.remove(subscription)
        forget(entry)
        // What is listed stays until the cache is dropped, and serves the next subscription.
        if entry.exact.isEmpty, !entry.isListed { topics[topic] = nil }
        return entry.exact.isEmpty
    }

    /// Makes the index ask the filters again: what a connection may have has changed.
    func filtersChanged() { generation += 1 }

    /// A subscription has been suspended, or is so no more.
    func suspensionChanged(_ subscription: Subscription) {
        generation += 1
        guard let topic = subscription.pattern.topic else { return }
        topics[topic]?.exact.suspensionChanged()
    }

    /// Every subscription that matches a topic, whatever its filters say.
    func matching(_ topic: Topic) -> [Subscription] {
        var found = topics[topic].map { Array($0.exact.subscriptions) } ?? []
        patterns.forEachMatch(topic) { found += $0.subscriptions }
        return found
    }

    /// The connections that get a message of the topic, each once.
    ///
    /// Allocates nothing where the topic is known.
    func receivers(of topic: Topic) -> ContiguousArray<Outbox> {
        guard !patterns.isEmpty else { return topics[topic]?.exact.receivers ?? [] }
        guard let entry = topics[topic] else { return merge(Entry(topic)) }
        if entry.generation == generation, let merged = entry.merged { return merged }
        return merge(entry)
    }

    /// Everyone who subscribed to exactly this topic.
    func exactReceivers(of topic: Topic) -> ContiguousArray<Outbox> { topics[topic]?.exact.receivers ?? [] }

    /// Calls `body` with every wildcard subscription that matches the topic and may have it.
    func forEachWildcard(_ topic: Topic, _ body: (Subscription) -> Void) {
        patterns.forEachMatch(topic) { list in
            for subscription in list.subscriptions where subscription.admits(topic) { body(subscription) }
        }
    }

    /// Gives back what a change has made useless.
    ///
    /// Called at every tick.
    func trim() {
        if generation != trimmedGeneration { dropCache() }
    }

    private func merge(_ entry: Entry) -> ContiguousArray<Outbox> {
        stamp += 1
        var merged = entry.exact.receivers
        for outbox in merged { outbox.mark = stamp }
        patterns.forEachMatch(entry.topic) { list in
            for subscription in list.subscriptions where subscription.outbox.mark != stamp && subscription.admits(entry.topic) {
                subscription.outbox.mark = stamp
                merged.append(subscription.outbox)
            }
        }
        cache(merged, entry)
        return merged
    }

    private func cache(_ merged: ContiguousArray<Outbox>, _ entry: Entry) {
        forget(entry)
        let isFull = mergedCount + merged.count > maxReceivers || !entry.isListed && listed.count >= maxTopics
        if isFull, !listed.isEmpty { dropCache() }
        if !entry.isListed {
            entry.isListed = true
            listed.append(entry)
        }
        topics[entry.topic] = entry
        entry.merged = merged
        entry.generation = generation
        mergedCount += merged.count
    }

    private func forget(_ entry: Entry) {
        mergedCount -= entry.merged?.count ?? 0
        entry.merged = nil
    }

    private func dropCache() {
        for entry in listed {
            forget(entry)
            entry.isListed = false
            if entry.exact.isEmpty { topics[entry.topic] = nil }
        }
        listed.removeAll()
        trimmedGeneration = generation
    }
}

@available(*, unavailable)
extension SubscriptionIndex: Sendable {}
