import GatewayKit
import NIOCore

/// One pattern of one connection, as it stands in the index.
final class Subscription {
    let outbox: Outbox
    let pattern: TopicPattern
    /// Which topics under a wildcard the connection may have; all must admit.
    var filters: [any TopicFilter]
    /// Where it stands in its list of the index.
    var position = 0

    /// Makes a subscription; the pattern is copied, so that the read buffer it came in is not kept alive.
    init(outbox: Outbox, pattern: TopicPattern, filters: [any TopicFilter]) {
        self.outbox = outbox
        self.pattern = pattern
        self.filters = filters
    }

    /// Whether the connection may have the topic through this subscription.
    func admits(_ topic: Topic) -> Bool {
        guard !filters.isEmpty else { return true }
        guard let connection = outbox.connection else { return false }
        return filters.allSatisfy { $0.admits(topic, connection) }
    }
}

@available(*, unavailable)
extension Subscription: Sendable {}

/// A list of subscriptions from which one is removed in O(1), with the outboxes beside it for delivery.
struct SubscriptionList: PatternEntry {
    private(set) var subscriptions = ContiguousArray<Subscription>()
    private(set) var outboxes = ContiguousArray<Outbox>()

    var isEmpty: Bool { subscriptions.isEmpty }

    mutating func append(_ subscription: Subscription) {
        subscription.position = subscriptions.count
        subscriptions.append(subscription)
        outboxes.append(subscription.outbox)
    }

    mutating func remove(_ subscription: Subscription) {
        let position = subscription.position
        guard position < subscriptions.count, subscriptions[position] === subscription else { return }
        subscriptions.swapAt(position, subscriptions.count - 1)
        outboxes.swapAt(position, outboxes.count - 1)
        subscriptions.removeLast()
        outboxes.removeLast()
        if position < subscriptions.count { subscriptions[position].position = position }
    }
}

@available(*, unavailable)
extension SubscriptionList: Sendable {}
