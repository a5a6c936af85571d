import GatewayKit
import NIOCore

// Previous: Connection/Session+Messages.swift. Next: Pipeline/Generation+Stages.swift.

extension Session {
    func publish(_ frame: ClientFrame, _ reply: ReplyTo) throws(Rejection) {
        var reply = reply
        reply.wantsAck = try frame.ack()
        let (topic, message) = try frame.publish()
        reply.topic = topic.bytes
        if core.isDraining { throw Rejection(.draining, "The gateway is going down", topic: topic.description) }
        submit(Command(.publish, topic, byteCount: frame.byteCount, message: message), reply)
    }

    func subscribe(_ pattern: TopicPattern, _ reply: ReplyTo) {
        guard case .no = closing else { return }
        var reply = reply
        reply.topic = pattern.bytes
        submit(Command(.subscribe, pattern), reply)
    }

    func unsubscribe(_ pattern: TopicPattern, _ reply: ReplyTo) {
        guard case .no = closing else { return }
        var reply = reply
        reply.topic = pattern.bytes
        submit(Command(.unsubscribe, pattern), reply)
    }

    /// Asks the route stage again whether a subscription may stand: after a renewed token.
    func reevaluate(_ subscription: Subscription) {
        guard subscriptions[subscription.pattern] === subscription else { return }
        submit(Command(.subscribe, subscription.pattern, isReevaluation: true), ReplyTo(topic: subscription.pattern.bytes))
    }

    /// Runs the route stage, and does what was asked for if it proceeds.
    private func submit(_ command: Command, _ reply: ReplyTo) {
        var command = command
        route(&command, reply, shard.generation, from: 0, isMeasured: shard.stageTimes.measuresCommand())
    }

    private func route(_ command: inout Command, _ reply: ReplyTo, _ generation: Generation, from start: Int, isMeasured: Bool) {
        switch generation.decide(&command, connection, from: start, core.refusals, shard, isMeasured: isMeasured) {
        case .proceed: carryOut(command, reply)
        case .refuse(let rejection, let module): refuseCommand(command, rejection, reply, by: module)
        case .later(let future, let index, let measurement):
            let slot = generation.route[index]
            let (command, reply) = (command.detached, reply.detached)
            beginWaiting()
            shard.first(of: future, by: slot.duty, measurement: measurement) { [self, command] result in
                resume { decided(result, command, reply, generation, index, isMeasured: isMeasured) }
            }
        }
    }

    /// A verdict on a command that was waited for.
    ///
    /// What began before a reload ends by the rules of then, but for a subscription: that would last.
    private func decided(
        _ result: Result<Verdict<Rejection>, any Error>, _ command: Command, _ reply: ReplyTo, _ generation: Generation, _ index: Int,
        isMeasured: Bool
    ) {
        if command.action == .subscribe, generation !== shard.generation {
            return submit(Command(.subscribe, command.pattern, isReevaluation: command.isReevaluation), reply)
        }
        let slot = generation.route[index]
        var command = command
        switch result {
        case .success(.proceed): route(&command, reply, generation, from: index + 1, isMeasured: isMeasured)
        case .success(.refuse(let rejection)):
            guard slot.isObserved else { return refuseCommand(command, rejection, reply, by: slot.instance) }
            core.refusals.note(slot.instance, rejection.reason, observed: true, connection)
            route(&command, reply, generation, from: index + 1, isMeasured: isMeasured)
        case .success(.later), .failure:
            if slot.common.forgivesFailure {
                _ = core.noteFailure(slot.instance, result, isForgiven: true, connection)
                route(&command, reply, generation, from: index + 1, isMeasured: isMeasured)
            } else if command.isReevaluation {
                // Nobody asked: what the client hears is that its subscription has ended.
                let errorID = core.noteFailure(slot.instance, result, isForgiven: false, connection)
                drop(command.pattern, errorID == nil ? .timeout : .internalError)
            } else {
                failed(slot.instance, result, reply)
            }
        }
    }

    private func refuseCommand(_ command: Command, _ rejection: Rejection, _ reply: ReplyTo, by module: String) {
        guard command.isReevaluation else { return refuse(rejection, reply, by: module) }
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
}
