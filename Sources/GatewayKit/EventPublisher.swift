public import NIOCore

/// Publishes events from inside the gateway: what modules use that make messages of their own.
public protocol EventPublisher: Sendable {
    /// Publishes an event through the adapter, to all its topics. Runs no route stage: who calls it has decided.
    ///
    /// - Parameters:
    ///   - event: The event; a connection gets one frame for each topic that it subscribed to exactly, and sees it once otherwise.
    ///   - eventLoop: One of the gateway's loops; the call must be made on it.
    /// - Returns: `.proceed` once the adapter has taken it.
    func publish(_ event: Event, on eventLoop: any EventLoop) -> Verdict<Rejection>

    /// Lets an event in from outside: asks the route stage with the action `ingress` about every topic, then publishes.
    ///
    /// - Parameters:
    ///   - event: The event; where one topic is refused, nothing is sent.
    ///   - principal: Who sends it; nil for nobody known.
    ///   - address: Where it comes from.
    /// - Throws: ``Rejection`` where a module refuses, or the adapter does not take it.
    func ingest(_ event: Event, by principal: Principal?, from address: ClientAddress) async throws
}
