import GatewayKit
import NIOCore

/// What an answer refers to.
struct ReplyTo {
    /// The client's `id`, as a JSON string with its quotes.
    var id: ByteBuffer?
    /// The place in a batch.
    var index: Int?
    /// The topic or pattern that was asked for.
    var topic: ByteBuffer?
    /// Whether an accepted publish is to be acknowledged.
    var wantsAck = false

    /// The same with bytes of its own, for an answer that waits.
    var detached: ReplyTo { ReplyTo(id: id?.detached, index: index, topic: topic?.detached, wantsAck: wantsAck) }
}
