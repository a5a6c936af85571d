import GatewayKit
import NIOCore

/// What a message has to look like that a module makes or changes: it is sent to others as it is.
enum MessageForm {
    /// What is wrong with an event that a module publishes.
    static func defects(_ event: Event) -> [String] {
        let topics = ([event.topic] + event.otherTopics).filter { (try? Topic($0.bytes)) == nil }
        return topics.map { "a topic that a client can name; got '\($0)'" } + defects(event.message)
            + defects(members: event.sender.members, "sender")
    }

    /// What is wrong with a message.
    ///
    /// - Parameters:
    ///   - message: The message.
    ///   - asked: What it was made of: what is unchanged was checked by whoever made that.
    /// - Returns: The defects; none where it may be sent.
    static func defects(_ message: Message, changedFrom asked: Message? = nil) -> [String] {
        var defects: [String] = []
        if message.data != asked?.data, !message.data.isJSON {
            defects.append("JSON as the data; got \(String(buffer: message.data).prefix(200))")
        }
        if message.metadata != asked?.metadata { defects += self.defects(members: message.metadata, "metadata") }
        let isType = message.eventType.readableBytesView.allSatisfy {
            (48...57).contains($0) || (65...90).contains($0 & 0xDF) || "._-".utf8.contains($0)
        }
        if !isType { defects.append("letters, digits, '.', '_' and '-' as the event type; got '\(String(buffer: message.eventType))'") }
        return defects
    }

    private static func defects(members bytes: ByteBuffer, _ name: String) -> [String] {
        var object = ByteBuffer(string: "{")
        object.writeImmutableBuffer(bytes)
        object.writeString("}")
        return object.isJSON ? [] : ["the members of a JSON object as the \(name); got \(String(buffer: bytes).prefix(200))"]
    }
}

extension ByteBuffer {
    fileprivate var isJSON: Bool { JSONValue(json: Array(readableBytesView)) != nil }
}
