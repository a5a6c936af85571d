internal import NIOCore

/// The fields of a client frame that mean something.
enum FrameField: String {
    case type, topic, topics, data, metadata, eventType, id, ack, token

    /// The field that a key names.
    init?(_ key: JSONString) {
        if key.hasEscapes {
            self.init(rawValue: String(buffer: key.unescaped(limit: 16)))
            return
        }
        switch key.bytes.count {
        case 2 where key.equals("id"): self = .id
        case 3 where key.equals("ack"): self = .ack
        case 4 where key.equals("type"): self = .type
        case 4 where key.equals("data"): self = .data
        case 5 where key.equals("topic"): self = .topic
        case 5 where key.equals("token"): self = .token
        case 6 where key.equals("topics"): self = .topics
        case 8 where key.equals("metadata"): self = .metadata
        case 9 where key.equals("eventType"): self = .eventType
        default: return nil
        }
    }
}
