import GatewayKit
import NIOCore

/// Messages that a client may have missed, as it is told of them.
struct Gap {
    /// Of which subscriptions; at most ``maxTopics``.
    let topics: [TopicPattern]
    /// How many more subscriptions there are.
    let more: Int
    /// How many messages; nil where nobody knows.
    let dropped: Int?
    /// What was published before has not been missed.
    let since: Timestamp

    static let maxTopics = 20
    static let rejection = Rejection(.gap, "Messages may have been lost")

    /// Describes a gap in all of these subscriptions; they are told in alphabetical order.
    init(_ patterns: [TopicPattern], dropped: Int?, since: Timestamp) {
        topics = Array(
            patterns.sorted { $0.bytes.readableBytesView.lexicographicallyPrecedes($1.bytes.readableBytesView) }.prefix(Self.maxTopics))
        more = patterns.count - topics.count
        self.dropped = dropped
        self.since = since
    }
}
