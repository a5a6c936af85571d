import GatewayKit
import NIOCore

// What a reload means for a connection: Loop/Shard+Adoption.swift begins it, Delivery/ReevaluationPass.swift comes by here.

extension Session {
    /// Takes over what the settings say of a live connection.
    ///
    /// - Parameter restartsAuth: Whether the client has to authenticate and did not have to before: its time begins now.
    func adoptSettings(restartsAuth: Bool) {
        limitMessages()
        if restartsAuth, connection.principal == nil { timing.beginAuth(shard.time.now) }
        handler.map { shard.deadlines.schedule($0, at: timing.next(self)) }
    }

    /// Sets how large a message may be: a small one as long as the client has to say who it is.
    func limitMessages() {
        let mustAuthenticate = shard.settings.auth.required && connection.principal == nil
        let most = shard.settings.server.maxMessageSize.bytes
        decoder.maxMessageSize = mustAuthenticate ? min(shard.settings.limits.maxUnauthenticatedMessage.bytes, most) : most
        decoder.stopsAfterFrame = mustAuthenticate
    }

    /// Asks the route stage of the present generation about a subscription that an older one granted.
    ///
    /// Not in turn with what the client sends: a message for the subscription may be about to go out.
    func reevaluateNow(_ subscription: Subscription) {
        guard case .no = closing, subscriptions[subscription.pattern] === subscription else { return }
        subscription.adoption = shard.adoptions
        decideAgain(Command(.subscribe, subscription.pattern, isReevaluation: true), subscription, shard.generation, from: 0)
    }

    private func decideAgain(_ command: Command, _ subscription: Subscription, _ generation: Generation, from start: Int) {
        var command = command
        switch generation.decide(&command, connection, from: start, core.refusals, shard, isMeasured: shard.stageTimes.measuresCommand()) {
        case .proceed: stands(subscription, command.restrictions)
        case .refuse(let rejection, let module):
            core.refusals.note(module, rejection.reason, connection)
            end(subscription, rejection.reason)
        case .later(let future, let index, let measurement):
            // Neither delivered by the old rules nor dropped without a word: the client is told of the gap once it is settled.
            suspend(subscription)
            let slot = generation.route[index]
            let adoption = subscription.adoption
            shard.first(of: future, by: slot.duty, measurement: measurement) { [self, command] result in
                guard case .no = closing, subscriptions[subscription.pattern] === subscription else { return }
                // A newer generation asks by itself.
                guard adoption == shard.adoptions else { return }
                decided(result, command, subscription, generation, index)
            }
        }
    }

    private func decided(
        _ result: Result<Verdict<Rejection>, any Error>, _ command: Command, _ subscription: Subscription, _ generation: Generation,
        _ index: Int
    ) {
        let slot = generation.route[index]
        switch result {
        case .success(.proceed): decideAgain(command, subscription, generation, from: index + 1)
        case .success(.refuse(let rejection)):
            core.refusals.note(slot.instance, rejection.reason, observed: slot.isObserved, connection)
            if slot.isObserved {
                decideAgain(command, subscription, generation, from: index + 1)
            } else {
                end(subscription, rejection.reason)
            }
        case .success(.later), .failure:
            let errorID = core.noteFailure(slot.instance, result, isForgiven: slot.common.forgivesFailure, connection)
            if slot.common.forgivesFailure {
                decideAgain(command, subscription, generation, from: index + 1)
            } else {
                end(subscription, errorID == nil ? .timeout : .internalError)
            }
        }
    }

    /// A subscription has been allowed by the present generation.
    func stands(_ subscription: Subscription, _ restrictions: [TopicRestriction]) {
        let wasRestricted = !subscription.restrictions.isEmpty
        subscription.restrictions = restrictions
        subscription.adoption = shard.adoptions
        // What may be seen under a wildcard can have changed.
        if subscription.pattern.hasWildcards, wasRestricted || !restrictions.isEmpty { shard.subscriptions.filtersChanged() }
        guard let since = subscription.suspendedSince else { return }
        subscription.suspendedSince = nil
        shard.subscriptions.suspensionChanged(subscription)
        reply(.gap(Gap([subscription.pattern], dropped: nil, since: since)))
    }

    private func suspend(_ subscription: Subscription) {
        guard subscription.suspendedSince == nil else { return }
        subscription.suspendedSince = shard.time.timestamp
        shard.subscriptions.suspensionChanged(subscription)
    }

    private func end(_ subscription: Subscription, _ reason: Reason) {
        shard.reevaluation?.endedCount += 1
        drop(subscription.pattern, reason)
    }
}
