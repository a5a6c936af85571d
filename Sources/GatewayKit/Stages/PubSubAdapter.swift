public import NIOCore

/// Carries events between the gateways of one deployment.
///
/// Every delivery comes from the adapter, so that its order is the order: ``publish(_:on:)`` hands an event in, the ``EventSink``
/// gets it back, in every process, this one included.
public protocol PubSubAdapter: Module {
    /// Called once before ``Module/start()``.
    ///
    /// - Parameter sink: Where arriving events go.
    func attach(_ sink: any EventSink)

    /// Publishes an event.
    ///
    /// A `.later` may be answered in any order, and within `later_timeout`. Trouble of the broker is a refusal with `broker_unavailable`; a
    /// future that fails is a fault of the adapter.
    ///
    /// - Parameters:
    ///   - event: The event, for all its topics.
    ///   - eventLoop: The loop that the call is made on, and that a future in the answer belongs to.
    /// - Returns: `.proceed` once the adapter has taken the event, which is what an `ack` says.
    func publish(_ event: Event, on eventLoop: any EventLoop) -> Verdict<Rejection>

    /// Says that this process now has a subscriber for the pattern. Counted by the caller: called for the first subscriber on a loop.
    ///
    /// ``unsubscribe(_:on:)`` follows exactly once for each call, also where that was refused, failed or was not answered in time.
    ///
    /// - Parameters:
    ///   - pattern: The pattern.
    ///   - eventLoop: The loop that the call is made on.
    /// - Returns: `.proceed` once every event that is published from now on will arrive.
    func subscribe(_ pattern: TopicPattern, on eventLoop: any EventLoop) -> Verdict<Rejection>

    /// Says that the last subscriber on a loop has gone.
    ///
    /// - Parameters:
    ///   - pattern: The pattern.
    ///   - eventLoop: The loop that the call is made on.
    func unsubscribe(_ pattern: TopicPattern, on eventLoop: any EventLoop)

    /// Whether events flow; callable on any thread.
    var health: AdapterHealth { get }
}

/// Where an adapter delivers.
public protocol EventSink: Sendable {
    /// Delivers an event to every subscriber in this process.
    ///
    /// - Parameters:
    ///   - event: The event.
    ///   - eventLoop: The loop that the call is made on: one of the gateway's.
    /// - Returns: `.proceed`, or a refusal with `overloaded` where a loop's mailbox is full; then nothing was delivered.
    func deliver(_ event: Event, on eventLoop: any EventLoop) -> Verdict<Rejection>
}

/// Whether an adapter works, for readiness.
public enum AdapterHealth: Sendable {
    /// Events flow.
    case up
    /// Events do not flow; the text says why, for people.
    case down(String)
}
