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
}
