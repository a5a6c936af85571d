import GatewayKit
import NIOCore

extension Shard {
    /// Takes over a new generation and its settings: from now on every message meets these.
    ///
    /// - Returns: How many subscriptions the new rules have ended, once each has been asked about.
    func adopt(_ generation: Generation, _ settings: CoreSettings) -> EventLoopFuture<Int> {
        beginTurn()
        let requiresAuthNow = settings.auth.required && !self.settings.auth.required
        self.generation = generation
        self.settings = settings
        site = .gateway(settings)
        maxQueue = settings.limits.maxQueue.bytes
        (topicRate, floodRate) = TokenRate.ofTopics(settings.limits)
        adoptions += 1
        let pass = ReevaluationPass(self, restartsAuth: requiresAuthNow)
        reevaluation = pass
        return pass.run()
    }
}

extension TokenRate {
    /// The rates of subscribes, and of what is refused only as a flood.
    static func ofTopics(_ limits: LimitSettings) -> (topics: TokenRate, flood: TokenRate) {
        let burst = 2 * limits.maxSubscriptions
        return (TokenRate(Rate(max(1, burst / 10)), burst: burst), TokenRate(Rate(max(1, burst)), burst: 10 * burst))
    }
}
