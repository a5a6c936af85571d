/// What is between a ``TestGateway`` and its clients.
public enum Wire: Sendable, CaseIterable {
    /// Sockets of this process that are connected to each other: no port is opened, and a client may come from any address
    /// (``TestClient/Manners/sourceAddress``).
    case memory
    /// TCP over a free port of 127.0.0.1.
    case network
}
