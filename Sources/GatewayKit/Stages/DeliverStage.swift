/// Decides, once a receiver, what becomes of a message.
///
/// On the hottest path of all: it never waits and should allocate nothing. An empty list costs nothing. It publishes nothing: that would
/// overtake the message which is being delivered.
public protocol DeliverStage: Module {
    /// Decides on one message for one receiver.
    ///
    /// - Parameters:
    ///   - message: What is about to be queued.
    ///   - connection: The receiver; on its event loop.
    ///   - backlog: What the receiver has not taken yet.
    /// - Returns: What becomes of the message.
    func deliver(_ message: Delivery, to connection: Connection, backlog: Backlog) -> DeliverVerdict
}

/// A message on its way to one receiver.
public struct Delivery: Sendable {
    /// The concrete topic.
    public let topic: Topic
    /// The size of the encoded frame in bytes.
    public let size: Int

    /// Describes a message.
    public init(topic: Topic, size: Int) {
        self.topic = topic
        self.size = size
    }
}

/// What a receiver has not taken yet.
public struct Backlog: Sendable {
    /// Bytes queued for it.
    public let bytes: Int
    /// `limits.max_queue`: beyond it the core closes the connection, whatever the modules say.
    public let limit: Int

    /// Describes a backlog.
    public init(bytes: Int, limit: Int) {
        self.bytes = bytes
        self.limit = limit
    }

    /// Whether one more message of `size` bytes goes over the limit.
    public func isExceeded(by size: Int) -> Bool { size > limit || bytes > limit - size }
}

/// What a ``DeliverStage`` answers.
public enum DeliverVerdict: Sendable {
    /// Queue it.
    case deliver
    /// This receiver is not meant; nothing is lost.
    case skip
    /// The receiver cannot take it; the loss is counted.
    case drop
    /// The receiver is too slow: error 503 `slow_consumer`, close 1008.
    case disconnect
}
