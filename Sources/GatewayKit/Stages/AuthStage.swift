public import NIOCore

/// Checks credentials and says whose they are.
public protocol AuthStage: Module {
    /// Checks what a client sent with its `auth` frame.
    ///
    /// - Parameters:
    ///   - credentials: What was sent.
    ///   - connection: The connection; on its event loop.
    /// - Returns: Whose the credentials are, if the module knows them.
    func authenticate(_ credentials: Credentials, _ connection: Connection) -> AuthVerdict
}

/// What a client offers to prove who it is.
public enum Credentials: Sendable {
    /// A bearer token, at most 8 KiB. Never logged.
    case token(String)
}

/// What an ``AuthStage`` answers.
public enum AuthVerdict: Sendable {
    /// Not a kind of credentials that this module knows; the next one is asked.
    case abstain
    /// The credentials are good.
    case accepted(Principal)
    /// The credentials are bad; the client gets `auth_error` with the reason.
    case rejected(Reason)
    /// The answer comes with the future.
    case later(EventLoopFuture<AuthVerdict>)
}
