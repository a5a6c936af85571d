public import NIOCore

/// What a stage answers: go on, refuse, or wait.
///
/// A verdict is given synchronously on the connection's event loop. `.later` is the one way to wait: while its future is
/// pending, the core reads nothing more from that connection, so the order of its frames holds.
public enum Verdict<Refusal: Sendable>: Sendable {
    /// The next module of the stage is asked.
    case proceed
    /// The stage ends here and the client is told.
    case refuse(Refusal)
    /// The verdict comes with the future; after `later_timeout` the core decides by the module's `on_error`.
    case later(EventLoopFuture<Verdict<Refusal>>)
}
