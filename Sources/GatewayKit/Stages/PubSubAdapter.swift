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

    /// Tells every other gateway of the deployment of a revocation, until it expires: those that are cut off, or start later, too.
    ///
    /// What has been told already is told again without harm. Called off the event loops, one after another in the order in which they
    /// were revoked here, and not before every module has started; who does not answer keeps the next one waiting.
    /// One may be under way while the adapter stops.
    ///
    /// - Parameter revocation: Which tokens; in force in this process, and kept.
    /// - Throws: ``Rejection`` where the broker has not taken it: nobody tries that again. The adapter asks for
    ///   ``EventSink/revocations()`` whenever it has connected, the first time too, and shares what the others may not know.
    func share(_ revocation: Revocation) async throws

    /// Whether events flow; callable on any thread.
    var health: AdapterHealth { get }
}

extension PubSubAdapter {
    /// There is nobody to tell.
    public func share(_ revocation: Revocation) async throws {}
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

    /// Says that events may have been lost on their way to this process, and that they flow again: the subscribers are told of the gap.
    ///
    /// Callable on any thread, until the adapter's ``Module/stop()`` has returned. Gaps that come close together are told as one.
    ///
    /// - Parameter since: What was published before has arrived.
    func lostEvents(since: Timestamp)

    /// Takes over what other gateways have revoked; returns once it is in force here, and kept. What is known already changes nothing.
    ///
    /// What cannot be kept is told in the log. None of it is given to ``PubSubAdapter/share(_:)``. Callable on any thread, once the
    /// adapter has started.
    ///
    /// - Parameter revocations: Which tokens, as many as it pleases; what has expired is left out.
    func revoke(_ revocations: [Revocation]) async

    /// What is revoked in this process and has not expired, what came from other gateways included, in no order: what an adapter shares
    /// once its broker is back. Empty where no module revokes tokens.
    ///
    /// Callable on any thread, once the adapter has started.
    func revocations() async -> [Revocation]
}

/// Whether an adapter works, for readiness.
public enum AdapterHealth: Sendable {
    /// Events flow.
    case up
    /// Events do not flow; the text says why, for people.
    case down(String)
}
