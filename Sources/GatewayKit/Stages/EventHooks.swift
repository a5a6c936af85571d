/// Is told of connections and subscriptions as they come and go: for presence, audit trails, counts and limits.
///
/// There is no list for it in `pipeline`: a module of any list that conforms is told, once, however many lists it stands in. What is
/// published, and plain HTTP, is not told, nor is a client that `gateway simulate` makes up. After a reload the modules of then are told:
/// one may hear of the end of a connection or subscription whose beginning another one heard of, so counts belong into
/// ``ModuleContext/state(_:make:)`` or a slot.
///
/// Every call is made on the connection's event loop, in the order of what happened, and before ``Module/stop()``. None is made in the
/// middle of a delivery: what a module publishes from here comes after the message that is being delivered.
public protocol EventHooks: Module {
    /// The connection has its 101. It belongs to nobody yet.
    ///
    /// - Parameter connection: The connection.
    func opened(_ connection: Connection)

    /// The client has said who it is, for the first time on the connection; a renewed token is not told.
    ///
    /// - Parameter connection: The connection; its principal says who.
    func authenticated(_ connection: Connection)

    /// A subscription of the connection stands: the client is told so, and gets what is published from now on.
    ///
    /// Not called for one that stood already.
    ///
    /// - Parameters:
    ///   - pattern: The topic or pattern.
    ///   - connection: The connection.
    func subscribed(_ pattern: TopicPattern, _ connection: Connection)

    /// A subscription has ended: by the client, by rules that have changed, or with the connection, before ``closed(_:_:)``.
    ///
    /// Called exactly once for each that was ``subscribed(_:_:)``; where the client ended it, before its next command is asked about.
    ///
    /// - Parameters:
    ///   - pattern: The topic or pattern.
    ///   - connection: The connection.
    func unsubscribed(_ pattern: TopicPattern, _ connection: Connection)

    /// The connection takes and gets no more messages. Called exactly once for each that has been ``opened(_:)``, at the end of the loop's
    /// turn in which it closed.
    ///
    /// - Parameters:
    ///   - connection: The connection; nothing can be sent over it any more.
    ///   - end: How it ended.
    func closed(_ connection: Connection, _ end: ConnectionEnd)
}

extension EventHooks {
    /// Does nothing: not everybody asks whose a connection is.
    public func authenticated(_ connection: Connection) {}
    /// Does nothing: not everybody asks for subscriptions.
    public func subscribed(_ pattern: TopicPattern, _ connection: Connection) {}
    /// Does nothing.
    public func unsubscribed(_ pattern: TopicPattern, _ connection: Connection) {}
}

/// How a connection ended.
public struct ConnectionEnd: Sendable, Equatable {
    /// The code of the close frame that came or went first; 1005 for one without a code, 1006 where there was none (RFC 6455, 7.4.1).
    public let code: UInt16
    /// Why: what the close frame of the gateway says, or `client_closed`, or `connection_lost`.
    public let reason: Reason

    /// Makes an end.
    public init(code: UInt16, reason: Reason) {
        self.code = code
        self.reason = reason
    }
}
