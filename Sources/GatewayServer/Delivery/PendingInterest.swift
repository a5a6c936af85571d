import GatewayKit
import NIOCore

/// A pattern that the adapter has been asked for and has not answered about, with everybody on the loop who waits for that.
final class PendingInterest {
    var waiting: [(session: Session, subscription: Subscription, reply: ReplyTo)] = []
}

@available(*, unavailable)
extension PendingInterest: Sendable {}

/// How far a subscription has come.
enum Interest {
    /// The adapter brings its events.
    case ready
    /// The adapter will not.
    case refused(Rejection)
    /// The adapter has not said yet.
    case pending(PendingInterest)
}

@available(*, unavailable)
extension Interest: Sendable {}

extension Shard {
    /// Adds a subscription to the index; the adapter is asked for the first one of each pattern, and the others wait for that answer too.
    func subscribe(_ subscription: Subscription) -> Interest {
        let pattern = subscription.pattern
        guard subscriptions.add(subscription) else {
            if let interest = interests[pattern] { return .pending(interest) }
            // The events that others on this loop have subscribed to do not come either while the broker is away.
            guard case .up = generation.adapter.health else {
                return .refused(Rejection(.brokerUnavailable, "The broker is not reachable now"))
            }
            return .ready
        }
        let call = beginCall(generation.adapterDuty.name)
        let verdict = generation.adapter.subscribe(pattern, on: eventLoop)
        endCall(call, verdict)
        switch verdict {
        case .proceed: return .ready
        case .refuse(let rejection): return .refused(rejection)
        case .later(let future):
            let interest = PendingInterest()
            // Where everybody has gone whom the adapter was asked for before, that answer concerns nobody any more.
            interests[pattern] = interest
            first(of: future, by: generation.adapterDuty, measurement: call.measurement) { [self] in decided($0, pattern, interest) }
            return .pending(interest)
        }
    }

    private func decided(_ result: Result<Verdict<Rejection>, any Error>, _ pattern: TopicPattern, _ interest: PendingInterest) {
        if interests[pattern] === interest { interests[pattern] = nil }
        // All are forgotten before any goes on: who subscribes again asks the adapter again.
        if case .success(.proceed) = result {
        } else {
            for waiter in interest.waiting { waiter.session.forget(waiter.subscription) }
        }
        for waiter in interest.waiting { waiter.session.subscribed(result, waiter.subscription, waiter.reply) }
    }
}
