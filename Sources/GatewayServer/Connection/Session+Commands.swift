import GatewayKit
import NIOCore

// Previous: Connection/Session+Messages.swift. Next: Pipeline/Generation+Stages.swift.

extension Session {
    func publish(_ frame: ClientFrame, _ reply: ReplyTo) throws(Rejection) {
        var reply = reply
        reply.wantsAck = try frame.ack()
        let (topic, message) = try frame.publish()
        reply.topic = topic
        if core.isDraining { throw Rejection(.draining, "The gateway is going down", topic: topic.description) }
        submit(Command(.publish, topic, byteCount: frame.byteCount, message: message), reply)
    }

    func subscribe(_ pattern: TopicPattern, _ reply: ReplyTo) {
        guard case .no = closing else { return }
        var reply = reply
        reply.topic = pattern
        submit(Command(.subscribe, pattern), reply)
    }

    func unsubscribe(_ pattern: TopicPattern, _ reply: ReplyTo) {
        guard case .no = closing else { return }
        var reply = reply
        reply.topic = pattern
        submit(Command(.unsubscribe, pattern), reply)
    }

    /// Runs the route stage, and does what was asked for if it proceeds.
    private func submit(_ command: Command, _ reply: ReplyTo) {
        var command = command
        route(&command, reply, from: 0)
    }

    private func route(_ command: inout Command, _ reply: ReplyTo, from start: Int) {
        switch shard.generation.decide(&command, connection, from: start, core.refusals, shard.stageTimes.sampled()) {
        case .proceed: carryOut(command, reply)
        case .refuse(let rejection, let module):
            refuseCommand(command, rejection, reply, by: module)
        case .later(let future, let index, let instance, let common):
            beginWaiting()
            command.message?.detach()
            shard.first(of: future, within: common.laterTimeout) { [self, command] result in
                resume { decided(result, command, reply, index, instance, common) }
            }
        }
    }

    /// A verdict on a command that was waited for.
    private func decided(
        _ result: Result<Verdict<Rejection>, any Error>, _ command: Command, _ reply: ReplyTo, _ index: Int, _ instance: String,
        _ common: CommonModuleSettings
    ) {
        var command = command
        switch result {
        case .success(.proceed): route(&command, reply, from: index + 1)
        case .success(.refuse(let rejection)):
            guard common.mode == .observe else { return refuseCommand(command, rejection, reply, by: instance) }
            core.refusals.note(instance, rejection.reason, observed: true, connection)
            route(&command, reply, from: index + 1)
        case .success(.later), .failure:
            if common.forgivesFailure {
                _ = core.noteFailure(instance, result, isForgiven: true, connection)
                route(&command, reply, from: index + 1)
            } else if command.isReevaluation {
                // Nobody asked: what the client hears is that its subscription has ended.
                let errorID = core.noteFailure(instance, result, isForgiven: false, connection)
                drop(command.pattern, errorID == nil ? .timeout : .internalError)
            } else {
                failed(instance, result, reply)
            }
        }
    }

    private func refuseCommand(_ command: Command, _ rejection: Rejection, _ reply: ReplyTo, by module: String) {
        guard command.isReevaluation else {
            refuse(rejection, reply, by: module)
            return
        }
        core.refusals.note(module, rejection.reason, connection)
        drop(command.pattern, rejection.reason)
    }

    private func carryOut(_ command: Command, _ reply: ReplyTo) {
        switch command.action {
        case .publish, .ingress: carryOutPublish(command, reply)
        case .subscribe: carryOutSubscribe(command, reply)
        case .unsubscribe: carryOutUnsubscribe(command, reply)
        }
    }

    // MARK: Publish

    private func carryOutPublish(_ command: Command, _ reply: ReplyTo) {
        guard let topic = command.pattern.topic, let message = command.message else { return }
        let event = Event(topic: topic, message: message, sender: sender)
        switch shard.generation.adapter.publish(event, on: shard.eventLoop) {
        case .proceed:
            shard.counters.published &+= 1
            if reply.wantsAck { self.reply(.ack(reply)) }
        case .refuse(let rejection): refuse(rejection, reply)
        case .later(let future):
            // Not waited for: publishes are pipelined, and answered as the adapter takes them.
            future.hop(to: shard.eventLoop).assumeIsolated().whenComplete { [self] result in
                shard.beginTurn()
                if case .success(.proceed) = result { shard.counters.published &+= 1 }
                guard case .no = closing else { return }
                switch result {
                case .success(.proceed): if reply.wantsAck { self.reply(.ack(reply)) }
                case .success(.refuse(let rejection)): refuse(rejection, reply)
                case .success(.later), .failure: refuse(Rejection(.brokerUnavailable, "The message was not taken"), reply)
                }
            }
        }
    }

    // MARK: Subscriptions

    private func carryOutSubscribe(_ command: Command, _ reply: ReplyTo) {
        if let known = subscriptions[command.pattern] {
            // Subscribed already, or looked at again: what may be seen under a wildcard can have changed.
            known.filters = command.filters
            if known.pattern.hasWildcards { shard.subscriptions.filtersChanged() }
            if !command.isReevaluation { self.reply(.subscribed(reply)) }
            return
        }
        guard !command.isReevaluation else { return }
        guard subscriptions.count < core.settings.limits.maxSubscriptions else {
            refuse(
                Rejection(
                    .subscriptionLimit, "At most \(core.settings.limits.maxSubscriptions) subscriptions are allowed",
                    topic: command.pattern.description), reply)
            return
        }
        guard core.budgets.subscriptions.take() else {
            refuse(Rejection(.overloaded, "The gateway has as many subscriptions as it takes", topic: command.pattern.description), reply)
            return
        }
        let pattern = command.pattern.detached
        let subscription = Subscription(outbox: outbox, pattern: pattern, filters: command.filters)
        subscriptions[pattern] = subscription
        guard shard.subscriptions.add(subscription) else {
            self.reply(.subscribed(reply))
            return
        }
        switch shard.generation.adapter.subscribe(pattern, on: shard.eventLoop) {
        case .proceed: self.reply(.subscribed(reply))
        case .refuse(let rejection): undo(pattern, rejection, reply)
        case .later(let future):
            beginWaiting()
            future.hop(to: shard.eventLoop).assumeIsolated().whenComplete { [self] result in
                resume {
                    switch result {
                    case .success(.proceed): self.reply(.subscribed(reply))
                    case .success(.refuse(let rejection)): undo(pattern, rejection, reply)
                    case .success(.later), .failure: undo(pattern, Rejection(.brokerUnavailable, "The subscription was not taken"), reply)
                    }
                }
            }
        }
    }

    private func undo(_ pattern: TopicPattern, _ rejection: Rejection, _ reply: ReplyTo) {
        if let subscription = subscriptions.removeValue(forKey: pattern) { removeFromIndex(subscription) }
        refuse(rejection, reply)
    }

    private func carryOutUnsubscribe(_ command: Command, _ reply: ReplyTo) {
        if let subscription = subscriptions.removeValue(forKey: command.pattern) { removeFromIndex(subscription) }
        self.reply(.unsubscribed(reply, reason: nil))
    }

    /// Asks the route stage again whether a subscription may stand: after a renewed token or a reload.
    func reevaluate(_ subscription: Subscription) {
        guard subscriptions[subscription.pattern] === subscription else { return }
        submit(Command(.subscribe, subscription.pattern, isReevaluation: true), ReplyTo(topic: subscription.pattern))
    }

    /// Ends a subscription that is not allowed any more, with notice.
    private func drop(_ pattern: TopicPattern, _ reason: Reason) {
        guard let subscription = subscriptions.removeValue(forKey: pattern) else { return }
        removeFromIndex(subscription)
        reply(.unsubscribed(ReplyTo(topic: pattern), reason: reason))
    }

    func removeFromIndex(_ subscription: Subscription) {
        core.budgets.subscriptions.add(-1)
        if shard.subscriptions.remove(subscription) {
            shard.generation.adapter.unsubscribe(subscription.pattern, on: shard.eventLoop)
        }
    }
}

extension Message {
    /// Takes bytes of its own: what waits must not keep the loop's read buffer.
    fileprivate mutating func detach() {
        data = ByteBuffer(bytes: data.readableBytesView)
        metadata = ByteBuffer(bytes: metadata.readableBytesView)
        eventType = ByteBuffer(bytes: eventType.readableBytesView)
    }
}

extension TopicPattern {
    /// A copy with bytes of its own, so that the buffer it was read from can go.
    fileprivate var detached: TopicPattern {
        let copy = ByteBuffer(bytes: bytes.readableBytesView)
        return (try? TopicPattern(copy)) ?? self
    }
}
