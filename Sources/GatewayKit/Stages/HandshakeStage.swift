/// Looks at the upgrade request before the 101.
public protocol HandshakeStage: Module {
    /// Decides on the upgrade request.
    ///
    /// - Parameters:
    ///   - request: The request; a module may set what later stages and the answer use.
    ///   - connection: The connection; on its event loop.
    /// - Returns: Whether the request may go on.
    func handshake(_ request: inout UpgradeRequest, _ connection: Connection) -> Verdict<HTTPRefusal>
}
