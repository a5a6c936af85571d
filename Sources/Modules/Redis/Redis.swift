public import GatewayKit
import Logging
public import NIOCore
private import Synchronization

/// Pub/sub through Redis, or what speaks its protocol: many gateways are one.
///
/// Every event goes to Redis and comes back from there, to the gateway that it came from too, so that there is one order everywhere.
public final class Redis: PubSubAdapter {
    /// The name in gateway.yaml.
    public static let name = "redis"
    /// What it does.
    public static let summary = "Carries events between gateways through Redis."

    /// What is there once the module has started: set once and read for every event, so without a lock.
    private final class Running: Sendable {
        let links: RedisNode.Links
        let loops: [ObjectIdentifier]

        init(_ links: RedisNode.Links, _ eventLoops: [any EventLoop]) {
            self.links = links
            loops = eventLoops.map { ObjectIdentifier($0) }
        }
    }

    private let settings: RedisSettings
    private let endpoint: RedisEndpoint
    private let eventLoops: [any EventLoop]
    private let clock: GatewayClock
    private let logger: Logger
    private let node = Mutex<RedisNode?>(nil)
    private let running = AtomicLazyReference<Running>()

    /// Makes the adapter; connects to nothing yet.
    ///
    /// - Throws: ``ModuleError`` where the authorities of `tls_authorities` cannot be read.
    public init(settings: RedisSettings, context: ModuleContext) throws {
        self.settings = settings
        endpoint = try RedisEndpoint(settings)
        eventLoops = Array(context.eventLoopGroup.makeIterator())
        clock = context.clock
        logger = context.logger
    }

    /// Remembers where events go.
    public func attach(_ sink: any EventSink) {
        node.withLock { $0 = RedisNode(settings, endpoint, sink, eventLoops, clock: clock, logger: logger) }
    }

    /// Begins to connect, and waits for nothing: a gateway starts without Redis too, and is not ready then.
    public func start() async throws {
        guard let node = node.withLock({ $0 }) else { throw ModuleError("nothing is attached to deliver to") }
        _ = running.storeIfNil(Running(try await node.start(), eventLoops))
    }

    /// Closes the connections.
    public func stop() async { await node.withLock { $0 }?.stop() }

    /// Sends the event to Redis; the answer is one for all that is published in a turn of the loop.
    public func publish(_ event: Event, on eventLoop: any EventLoop) -> Verdict<Rejection> {
        guard let running = running.load(), let index = running.loops.firstIndex(of: ObjectIdentifier(eventLoop)) else {
            return .refuse(Rejection(.brokerUnavailable, "The broker is not reachable yet"))
        }
        return running.links.publishers[index].value.publish(event)
    }

    /// Asks Redis for the pattern's messages, where no other one brings them.
    public func subscribe(_ pattern: TopicPattern, on eventLoop: any EventLoop) -> Verdict<Rejection> {
        guard let running = running.load(), let home = eventLoops.first else {
            return .refuse(Rejection(.brokerUnavailable, "The broker is not reachable yet"))
        }
        let subscriber = running.links.subscriber
        guard home !== eventLoop else { return subscriber.value.subscribe(pattern) }
        let verdict = home.flatSubmit { subscriber.value.subscribe(pattern).future(on: home) }
        return .later(verdict.hop(to: eventLoop))
    }

    /// Asks Redis no longer, where nobody else wants what the pattern brings.
    public func unsubscribe(_ pattern: TopicPattern, on eventLoop: any EventLoop) {
        guard let running = running.load(), let home = eventLoops.first else { return }
        let subscriber = running.links.subscriber
        guard home !== eventLoop else { return subscriber.value.unsubscribe(pattern) }
        home.execute { subscriber.value.unsubscribe(pattern) }
    }

    /// Keeps the revocation at Redis and tells the other gateways.
    public func share(_ revocation: Revocation) async throws {
        guard let node = node.withLock({ $0 }) else { throw Rejection(.brokerUnavailable, "The broker is not reachable yet") }
        try await node.revocations.share(revocation)
    }

    /// Up while what every event loop publishes comes back.
    public var health: AdapterHealth { node.withLock { $0 }?.health ?? .down("nothing is attached yet") }
}

extension Verdict {
    /// The verdict as what will be.
    fileprivate func future(on eventLoop: any EventLoop) -> EventLoopFuture<Verdict<Refusal>> {
        if case .later(let future) = self { future } else { eventLoop.makeSucceededFuture(self) }
    }
}
