/// Decides on what a client wants to do: subscribe, unsubscribe, publish.
public protocol RouteStage: Module {
    /// Decides on one command.
    ///
    /// On the message path: for an accepted command it should allocate nothing.
    ///
    /// - Parameters:
    ///   - command: The command; a module may change it for the stages after it.
    ///   - connection: The connection that sent it; on its event loop.
    /// - Returns: Whether the command may go on.
    func route(_ command: inout Command, _ connection: Connection) -> Verdict<Rejection>
}
