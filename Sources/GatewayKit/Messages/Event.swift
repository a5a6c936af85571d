public import NIOCore

/// Something that was published, on its way through the adapter to the subscribers.
public struct Event: Sendable {
    /// The first topic.
    public let topic: Topic
    /// Further topics, in order; empty for what comes over a WebSocket.
    public let otherTopics: [Topic]
    /// The body.
    public let message: Message
    /// Who published it.
    public let sender: Sender

    /// Makes an event.
    public init(topic: Topic, otherTopics: [Topic] = [], message: Message, sender: Sender) {
        self.topic = topic
        self.otherTopics = otherTopics
        self.message = message
        self.sender = sender
    }
}

/// Who published an event, as it stands in `metadata`: encoded once a connection.
public struct Sender: Sendable {
    /// `"senderId":…,"senderConnectionId":…`, as JSON members.
    public let members: ByteBuffer

    /// Encodes a sender.
    ///
    /// - Parameters:
    ///   - userID: The user, or nil for one who is not known.
    ///   - connection: The connection, or nil for an event that came by HTTP.
    public init(userID: String?, connection: ConnectionID?) {
        var members = ByteBuffer()
        members.writeString("\"senderId\":")
        members.writeJSON(userID)
        members.writeString(",\"senderConnectionId\":")
        members.writeJSON(connection?.description)
        self.members = members
    }

    /// A sender that another gateway has encoded.
    ///
    /// For adapters.
    ///
    /// - Parameter members: What its ``members`` are.
    public init(carried members: ByteBuffer) { self.members = members }
}

extension ByteBuffer {
    /// Writes a string as JSON (RFC 8259, 7), or `null`.
    public mutating func writeJSON(_ text: String?) {
        guard let text else {
            writeString("null")
            return
        }
        writeInteger(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                writeInteger(UInt8(ascii: "\\"))
                writeInteger(byte)
            case 0..<0x20, 0x7F:
                writeString("\\u00")
                writeString(byte < 0x10 ? "0" : "")
                writeString(String(byte, radix: 16))
            default: writeInteger(byte)
            }
        }
        writeInteger(UInt8(ascii: "\""))
    }
}
