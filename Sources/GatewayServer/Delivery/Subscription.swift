import GatewayKit
import NIOCore

/// One pattern of one connection, as it stands in the index.
final class Subscription {
    let outbox: Outbox
    let pattern: TopicPattern
    /// Which topics under a wildcard the connection may have; all must admit.
    var restrictions: [TopicRestriction]
    /// Where it stands in its list of the index.
    var position = 0
    /// Which generation of the shard has allowed it, or is being asked: ``Shard/adoptions`` of that time.
    var adoption: Int
    /// Whether the modules have been told that it stands.
    var isAnnounced = false
    /// Since when nothing is delivered, for a verdict of a new generation is awaited.
    var suspendedSince: Timestamp?

    /// Makes a subscription; the pattern is copied, so that the read buffer it came in is not kept alive.
    init(outbox: Outbox, pattern: TopicPattern, restrictions: [TopicRestriction], adoption: Int = 0) {
        self.adoption = adoption
        self.outbox = outbox
        self.pattern = pattern
        self.restrictions = restrictions
    }

    /// Whether the connection may have the topic through this subscription.
    func admits(_ topic: Topic) -> Bool {
        guard suspendedSince == nil else { return false }
        guard !restrictions.isEmpty else { return true }
        guard let connection = outbox.connection else { return false }
        return restrictions.allSatisfy { restriction in
            guard let module = DutyName(number: restriction.module) else { return restriction.filter.admits(topic, connection) }
            let call = outbox.shard.beginCall(module, isMeasured: outbox.shard.stageTimes.measuresFilter())
            defer { outbox.shard.endCall(call) }
            return restriction.filter.admits(topic, connection)
        }
    }
}

@available(*, unavailable)
extension Subscription: Sendable {}

/// A list of subscriptions from which one is removed in O(1), with the outboxes beside it for delivery.
struct SubscriptionList: PatternEntry {
    private(set) var subscriptions = ContiguousArray<Subscription>()
    private var outboxes = ContiguousArray<Outbox>()
    /// Whether one of them is suspended.
    private var hasSuspended = false

    var isEmpty: Bool { subscriptions.isEmpty }

    /// Who gets messages.
    var receivers: ContiguousArray<Outbox> {
        guard hasSuspended else { return outboxes }
        return ContiguousArray(subscriptions.lazy.filter { $0.suspendedSince == nil }.map(\.outbox))
    }

    /// One of the subscriptions has been suspended, or is so no more.
    mutating func suspensionChanged() { hasSuspended = subscriptions.contains { $0.suspendedSince != nil } }

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
