import GatewayKit
import NIOCore

extension Session {
    func carryOutSubscribe(_ command: Command, _ reply: ReplyTo) {
        if let known = subscriptions[command.pattern] {
            stands(known, command.restrictions)
            if !command.isReevaluation { self.reply(.subscribed(reply)) }
            return
        }
        guard !command.isReevaluation, hasRoom(for: command.pattern, reply) else { return }
        let pattern = command.pattern.detached
        let subscription = Subscription(outbox: outbox, pattern: pattern, restrictions: command.restrictions, adoption: shard.adoptions)
        subscriptions[pattern] = subscription
        switch shard.subscribe(subscription) {
        case .ready: begins(subscription, reply)
        case .refused(let rejection):
            forget(subscription)
            refuse(rejection, reply, by: shard.generation.adapterDuty.instance)
        case .pending(let interest):
            beginWaiting()
            interest.waiting.append((session: self, subscription: subscription, reply: reply.detached))
        }
    }

    private func hasRoom(for pattern: TopicPattern, _ reply: ReplyTo) -> Bool {
        let limit = shard.settings.limits.maxSubscriptions
        guard subscriptions.count < limit else {
            refuse(Rejection(.subscriptionLimit, "At most \(limit) subscriptions are allowed", topic: pattern.description), reply)
            return false
        }
        guard core.budgets.subscriptions.take() else {
            refuse(Rejection(.overloaded, "The gateway has as many subscriptions as it takes", topic: pattern.description), reply)
            return false
        }
        return true
    }

    /// The adapter's answer to a subscription that has been waited for; one that was not taken has been forgotten already.
    func subscribed(_ result: Result<Verdict<Rejection>, any Error>, _ subscription: Subscription, _ reply: ReplyTo) {
        let adapter = shard.generation.adapterDuty.instance
        resume {
            switch result {
            case .success(.proceed) where subscriptions[subscription.pattern] === subscription: begins(subscription, reply)
            case .success(.proceed):
                // A new generation has been asked meanwhile.
                let topic = subscription.pattern.description
                refuse(Rejection(.forbidden, "Not allowed to subscribe to '\(topic)'", topic: topic), reply)
            case .success(.refuse(let rejection)): refuse(rejection, reply, by: adapter)
            case .failure(let error) where error is LateVerdict:
                refuse(Rejection(.brokerUnavailable, "The subscription was not taken in time"), reply, by: adapter)
            case .success(.later), .failure: failed(adapter, result, reply)
            }
        }
    }

    func carryOutUnsubscribe(_ command: Command, _ reply: ReplyTo) {
        if let subscription = subscriptions[command.pattern] { forget(subscription) }
        self.reply(.unsubscribed(reply, reason: nil))
        // Who counts subscriptions knows it before the next one is asked about.
        shard.tellEnds()
    }

    /// The client has the subscription, unless telling it so was too much for its queue.
    private func begins(_ subscription: Subscription, _ reply: ReplyTo) {
        self.reply(.subscribed(reply))
        guard case .no = closing else { return }
        shard.tellSubscribed(subscription, connection)
    }

    /// Ends a subscription that is not allowed any more, with notice.
    func drop(_ pattern: TopicPattern, _ reason: Reason) {
        guard let subscription = subscriptions[pattern] else { return }
        // Who has not been told that it is subscribed is told no, once the adapter has answered.
        let isPromised = !(shard.interests[pattern]?.waiting.contains { $0.subscription === subscription } ?? false)
        forget(subscription)
        if isPromised { reply(.unsubscribed(ReplyTo(topic: pattern.bytes), reason: reason)) }
    }

    /// Ends a subscription, unless it has ended.
    func forget(_ subscription: Subscription) {
        guard subscriptions[subscription.pattern] === subscription else { return }
        subscriptions[subscription.pattern] = nil
        removeFromIndex(subscription)
    }

    func removeFromIndex(_ subscription: Subscription) {
        core.budgets.subscriptions.add(-1)
        if subscription.isAnnounced { shard.ended(.subscription(subscription.pattern, connection)) }
        if shard.subscriptions.remove(subscription) {
            let generation = shard.generation
            let call = shard.beginCall(generation.adapterDuty.name)
            generation.adapter.unsubscribe(subscription.pattern, on: shard.eventLoop)
            shard.endCall(call)
        }
    }
}
