public import NIOCore

/// What a client, or an application over HTTP, wants to do; the route stage decides on it.
public struct Command: Sendable {
    /// The kinds of commands, as authorization rules name them.
    public enum Action: String, Sendable, CaseIterable {
        /// Receive what is published to a topic or pattern.
        case subscribe
        /// Stop receiving it.
        case unsubscribe
        /// Publish over the WebSocket.
        case publish
        /// Publish over HTTP.
        case ingress
    }

    /// What is wanted.
    public let action: Action
    /// The topic or pattern; a concrete topic for `publish` and `ingress`.
    public let pattern: TopicPattern
    /// The size of the client's frame in bytes.
    public let byteCount: Int
    /// Whether a subscription that stands is looked at again, after a renewed token or a reload: nothing is to be counted.
    public let isReevaluation: Bool
    /// What is published; nil for subscriptions.
    ///
    /// A module may change it.
    public var message: Message?
    /// Set by a module that grants a pattern but not every topic under it.
    public var filters: [any TopicFilter] { restrictions.map(\.filter) }
    /// The same, with the numbers of the modules that set them.
    package private(set) var restrictions: [TopicRestriction] = []

    /// Makes a command.
    public init(
        _ action: Action, _ pattern: TopicPattern, byteCount: Int = 0, message: Message? = nil, isReevaluation: Bool = false
    ) {
        self.action = action
        self.pattern = pattern
        self.byteCount = byteCount
        self.message = message
        self.isReevaluation = isReevaluation
    }

    /// Grants a subscription with wildcards only for the topics that the filter admits.
    public mutating func restrict(to filter: any TopicFilter) { restrictions.append(TopicRestriction(filter)) }

    /// The same with bytes of its own, which keep no buffer that they were read from.
    package var detached: Command {
        var copy = Command(action, pattern.detached, byteCount: byteCount, message: message?.detached, isReevaluation: isReevaluation)
        copy.restrictions = restrictions
        return copy
    }

    package mutating func dropRestrictions(after count: Int) { restrictions.removeLast(max(0, restrictions.count - count)) }

    /// Writes down whose the restrictions after the first `count` are.
    package mutating func nameRestrictions(after count: Int, _ module: Int) {
        for index in restrictions.indices.dropFirst(count) { restrictions[index].module = module }
    }
}

/// A filter, and the number that the core has for the module that set it.
package struct TopicRestriction: Sendable {
    package let filter: any TopicFilter
    package fileprivate(set) var module = 0

    package init(_ filter: any TopicFilter) { self.filter = filter }
}

/// The body of a publish: bytes of JSON as they came, never decoded and encoded again.
public struct Message: Sendable {
    /// `data`: any JSON value.
    public var data: ByteBuffer
    /// The members of `metadata` without the braces and without what only the gateway may say; empty where there are none.
    public var metadata: ByteBuffer
    /// `eventType`: letters, digits, `.`, `_`, `-`.
    public var eventType: ByteBuffer

    /// Makes a message from valid JSON.
    public init(data: ByteBuffer, metadata: ByteBuffer, eventType: ByteBuffer) {
        self.data = data
        self.metadata = metadata
        self.eventType = eventType
    }

    fileprivate var detached: Message {
        Message(
            data: ByteBuffer(bytes: data.readableBytesView), metadata: ByteBuffer(bytes: metadata.readableBytesView),
            eventType: ByteBuffer(bytes: eventType.readableBytesView))
    }
}

/// Says which topics under a wildcard a connection may have.
///
/// Asked when a topic's receivers are listed, never for each delivery.
public protocol TopicFilter: Sendable {
    /// Whether the connection may have messages of the topic.
    func admits(_ topic: Topic, _ connection: Connection) -> Bool
}
