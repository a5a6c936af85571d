/// Decides whether a client's address may have one more connection.
///
/// Runs once for a connection, as soon as its client's address is settled and before the HTTP request is answered.
public protocol AcceptStage: Module {
    /// Decides on a connection of which nothing is known but its address.
    ///
    /// - Parameter connection: The connection; on its event loop.
    /// - Returns: Where it refuses, the client gets the answer once its request has been read.
    func accept(_ connection: Connection) -> Verdict<HTTPRefusal>

    /// Called exactly once for each connection that the module let proceed: when it closes, is refused by another module, or turns
    /// out to be plain HTTP; at once where a `.later` verdict came after `later_timeout`, whatever became of the connection.
    ///
    /// - Parameter connection: The connection; on its event loop.
    func released(_ connection: Connection)
}

extension AcceptStage {
    /// Nothing was counted, so nothing is given back.
    public func released(_ connection: Connection) {}
}
