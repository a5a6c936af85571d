import GatewayKit
import NIOCore

/// Asks a new generation about every subscription of a loop that an older one granted, a slice a turn, so that no client waits for it.
///
/// A subscription that a message reaches before its turn is asked about first, so nothing passes by the old rules. On its loop only.
final class ReevaluationPass {
    /// What a slice takes at most, but for a single decision that takes longer.
    private static let slice = TimeAmount.milliseconds(2)
    /// Between slices the loop serves its sockets.
    private static let pause = TimeAmount.milliseconds(1)

    private let shard: Shard
    private let restartsAuth: Bool
    private let promise: EventLoopPromise<Int>
    private var sessions: [Session]
    /// What is left of the session at hand.
    private var subscriptions: [Subscription] = []
    /// How many subscriptions the new rules have ended so far.
    var endedCount = 0

    /// - Parameters:
    ///   - shard: Whose subscriptions; it has the new generation already.
    ///   - restartsAuth: Whether clients have to authenticate that did not have to before.
    init(_ shard: Shard, restartsAuth: Bool) {
        self.shard = shard
        self.restartsAuth = restartsAuth
        promise = shard.eventLoop.makePromise()
        sessions = Array(shard.sessions.values)
    }

    /// Begins; the first slice is over when this returns.
    func run() -> EventLoopFuture<Int> {
        goOn()
        return promise.futureResult
    }

    /// Asks about the subscriptions that a message is about to reach.
    func settle(_ topic: Topic) {
        for subscription in shard.subscriptions.matching(topic) where isDue(subscription) {
            subscription.outbox.session?.reevaluateNow(subscription)
        }
    }

    private func goOn() {
        shard.beginTurn()
        // By the machine's clock: a test's stands still.
        let end = NIODeadline.now() + Self.slice
        repeat {
            guard shard.reevaluation === self, step() else {
                if shard.reevaluation === self { shard.reevaluation = nil }
                promise.succeed(endedCount)
                return
            }
            shard.flushIfLarge()
        } while NIODeadline.now() < end
        let bound = NIOLoopBound(self, eventLoop: shard.eventLoop)
        shard.eventLoop.scheduleTask(in: Self.pause) { bound.value.goOn() }
    }

    /// Looks at one session or one subscription; whether there was any.
    private func step() -> Bool {
        if let subscription = subscriptions.popLast() {
            if isDue(subscription) { subscription.outbox.session?.reevaluateNow(subscription) }
            return true
        }
        guard let session = sessions.popLast() else { return false }
        guard shard.sessions[ObjectIdentifier(session)] != nil else { return true }
        session.adoptSettings(restartsAuth: restartsAuth)
        subscriptions = Array(session.subscriptions.values)
        return true
    }

    private func isDue(_ subscription: Subscription) -> Bool { subscription.adoption != shard.adoptions }
}

@available(*, unavailable)
extension ReevaluationPass: Sendable {}
