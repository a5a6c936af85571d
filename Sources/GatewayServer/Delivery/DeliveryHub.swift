import GatewayKit
import NIOCore

/// Where adapters deliver: finds the shard of the loop that the call is made on, without a lock.
struct DeliveryHub: EventSink {
    private let shards: [(loop: ObjectIdentifier, shard: NIOLoopBound<Shard>)]
    private let probe: AdapterProbe

    init(_ shards: [(eventLoop: any EventLoop, shard: NIOLoopBound<Shard>)], _ probe: AdapterProbe) {
        self.probe = probe
        self.shards = shards.map { (ObjectIdentifier($0.eventLoop), $0.shard) }
    }

    func deliver(_ event: Event, on eventLoop: any EventLoop) -> Verdict<Rejection> {
        if AdapterProbe.isReserved(event.topic) {
            probe.returned(event.topic)
            return .proceed
        }
        let loop = ObjectIdentifier(eventLoop)
        for entry in shards where entry.loop == loop { return entry.shard.value.publish(event) }
        return .refuse(Rejection(.internalError, "The event came on a loop that is none of the gateway's"))
    }
}
