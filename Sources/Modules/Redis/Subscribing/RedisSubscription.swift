import NIOCore

/// One thing that is asked of Redis: the messages of a topic, or of all topics that begin alike.
enum RedisSubscription: Hashable {
    /// SUBSCRIBE to this topic's channel.
    case topic(ByteBuffer)
    /// PSUBSCRIBE to the channels of all topics below this one; empty for those of all topics.
    case prefix(ByteBuffer)
}

/// A change of what is asked of Redis; several are carried out in their order, so that nothing is missed in between.
enum InterestChange: Equatable {
    case begin(RedisSubscription)
    case end(RedisSubscription)
}

extension RedisSubscription {
    /// Whether it takes a pattern of Redis.
    var isPrefix: Bool { if case .prefix = self { true } else { false } }
}

extension ChannelNames {
    /// Writes the channel or the pattern as a word of a command.
    func write(_ subscription: RedisSubscription, into buffer: inout ByteBuffer) {
        switch subscription {
        case .topic(let topic): write(topic: topic, into: &buffer)
        case .prefix(let prefix): write(prefix: prefix, into: &buffer)
        }
    }
}
