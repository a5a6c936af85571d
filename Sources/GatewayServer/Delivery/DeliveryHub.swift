import GatewayKit
import NIOCore

/// Where adapters deliver: finds the shard of the loop that the call is made on, without a lock.
struct DeliveryHub: EventSink {
    private let shards: [(loop: ObjectIdentifier, shard: NIOLoopBound<Shard>)]
    private let core: Core
    private let gaps: GapNotices
    /// Nil only in tests without revocations.
    private let exchange: RevocationExchange?

    init(_ core: Core, _ exchange: RevocationExchange? = nil) {
        self.core = core
        self.exchange = exchange
        gaps = GapNotices(core)
        shards = core.eventLoops.enumerated().map { (ObjectIdentifier($1), core.shard($0)) }
    }

    func deliver(_ event: Event, on eventLoop: any EventLoop) -> Verdict<Rejection> {
        if AdapterProbe.isReserved(event.topic) {
            core.probe.returned(event)
            return .proceed
        }
        let loop = ObjectIdentifier(eventLoop)
        for entry in shards where entry.loop == loop {
            // An adapter may deliver from outside of any turn.
            entry.shard.value.beginTurnIfNone()
            return entry.shard.value.publish(event)
        }
        return .refuse(Rejection(.internalError, "The event came on a loop that is none of the gateway's"))
    }

    func lostEvents(since: Timestamp) { gaps.tell(since: since) }

    func revoke(_ revocations: [Revocation]) async {
        guard let exchange, !revocations.isEmpty else { return }
        // Who came with one of them is sent away by whoever observes what changes.
        await exchange.take(revocations)
    }

    func revocations() async -> [Revocation] { await exchange?.current() ?? [] }
}
