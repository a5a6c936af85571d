import NIOCore

/// What the channels at Redis are called: the deployment's prefix, what they are for, and the topic.
///
/// Channels are the same in all databases of a server, so the number of the database stands in the prefix where it is not 0.
struct ChannelNames {
    private let events: String
    /// The same with what has a meaning in a pattern escaped.
    private let eventPattern: String
    /// Where this gateway looks whether messages come back.
    let probes: String
    /// Where gateways hear of revocations.
    let revocations: String
    /// The key of the sorted set with the revocations that have not expired.
    let revocationsKey: String

    /// - Parameters:
    ///   - prefix: That of the settings.
    ///   - database: The number of the database.
    ///   - node: Another word in each process.
    init(prefix: String, database: Int, node: String) {
        let base = database == 0 ? prefix : "\(prefix)@\(database)"
        events = "\(base):topic:"
        eventPattern = events.reduce(into: "") { text, character in
            if "\\*?[]".contains(character) { text.append("\\") }
            text.append(character)
        }
        probes = "\(base):probe:\(node)"
        revocations = "\(base):revoked"
        revocationsKey = "\(prefix):revocations"
    }

    /// Writes the channel of a topic as a word of a command.
    func write(topic: ByteBuffer, into buffer: inout ByteBuffer) {
        buffer.writeWord(events.utf8.count + topic.readableBytes) { buffer in
            buffer.writeString(events)
            buffer.writeImmutableBuffer(topic)
        }
    }

    /// Writes the pattern of all topics below one as a word of a command: a `*` of Redis stands for any text, dots included.
    func write(prefix: ByteBuffer, into buffer: inout ByteBuffer) {
        let end = prefix.readableBytes == 0 ? "*" : ".*"
        buffer.writeWord(eventPattern.utf8.count + prefix.readableBytes + end.utf8.count) { buffer in
            buffer.writeString(eventPattern)
            buffer.writeImmutableBuffer(prefix)
            buffer.writeString(end)
        }
    }
}
