public import GatewayKit
public import NIOCore
private import Synchronization

/// Pub/sub within one process: every event goes straight back to the gateway that it came from.
public final class Memory: PubSubAdapter {
    /// The name in gateway.yaml.
    public static let name = "memory"
    /// What it does.
    public static let summary = "Carries events within this process alone."

    private final class Attached: Sendable {
        let sink: any EventSink
        init(_ sink: any EventSink) { self.sink = sink }
    }
    /// Set once and read for every event, so without a lock.
    private let attached = AtomicLazyReference<Attached>()

    /// Makes the adapter; there is nothing to set.
    public init(settings: NoSettings, context: ModuleContext) {}

    /// Remembers where events go; only the first call counts.
    public func attach(_ sink: any EventSink) { _ = attached.storeIfNil(Attached(sink)) }

    /// Delivers the event and answers what the sink does: a memory adapter has taken an event when it stands in every loop's mailbox.
    public func publish(_ event: Event, on eventLoop: any EventLoop) -> Verdict<Rejection> {
        guard let attached = attached.load() else {
            return .refuse(Rejection(.brokerUnavailable, "Messages cannot be delivered yet", topic: event.topic.description))
        }
        return attached.sink.deliver(event, on: eventLoop)
    }

    /// Nothing to do: the sink knows its subscribers.
    public func subscribe(_ pattern: TopicPattern, on eventLoop: any EventLoop) -> Verdict<Rejection> { .proceed }

    /// Nothing to do: the sink knows its subscribers.
    public func unsubscribe(_ pattern: TopicPattern, on eventLoop: any EventLoop) {}

    /// Up as soon as there is somewhere to deliver.
    public var health: AdapterHealth { attached.load() == nil ? .down("nothing is attached yet") : .up }
}
