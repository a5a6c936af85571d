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

    /// Whether the module would wait with its verdict on a command.
    ///
    /// Asked only while the module is spared because what it waits for fails again and again: where it says no, ``route(_:_:)`` is asked as
    /// ever, and the command is none of those that `on_error` decides on.
    ///
    /// - Parameters:
    ///   - command: The command.
    ///   - connection: The connection that sent it; on its event loop.
    /// - Returns: Whether it would.
    func concerns(_ command: Command, _ connection: Connection) -> Bool
}

extension RouteStage {
    /// Every command.
    public func concerns(_ command: Command, _ connection: Connection) -> Bool { true }
}
