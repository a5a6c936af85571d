import GatewayKit
import NIOCore

/// What a command has to look like that a module has let pass: what it changed is sent to others as it is.
enum CommandForm {
    static func defects(_ asked: Command, changedTo command: Command, _ connection: Connection) -> [String] {
        defects(asked.message, changedTo: command.message) + defects(command.filters, connection)
    }

    private static func defects(_ asked: Message?, changedTo message: Message?) -> [String] {
        guard let asked, let message else {
            return (asked == nil) == (message == nil) ? [] : ["a message that is there before and after; got one of the two"]
        }
        var defects: [String] = []
        if message.data != asked.data, !isJSON(message.data) {
            defects.append("JSON as the data; got \(String(buffer: message.data).prefix(200))")
        }
        var members = ByteBuffer(string: "{")
        members.writeImmutableBuffer(message.metadata)
        members.writeString("}")
        if message.metadata != asked.metadata, !isJSON(members) {
            defects.append("the members of a JSON object as the metadata; got \(String(buffer: message.metadata).prefix(200))")
        }
        let isType = message.eventType.readableBytesView.allSatisfy {
            (48...57).contains($0) || (65...90).contains($0 & 0xDF) || "._-".utf8.contains($0)
        }
        if !isType { defects.append("letters, digits, '.', '_' and '-' as the event type; got '\(String(buffer: message.eventType))'") }
        return defects
    }

    private static func isJSON(_ bytes: ByteBuffer) -> Bool { JSONValue(json: Array(bytes.readableBytesView)) != nil }

    /// Asks every filter about topics; it has to know its mind.
    private static func defects(_ filters: [any TopicFilter], _ connection: Connection) -> [String] {
        for filter in filters {
            for topic in HostileInputs.fixedTopics where filter.admits(topic, connection) != filter.admits(topic, connection) {
                return ["a filter that answers the same twice; got two answers about \(topic)"]
            }
        }
        return []
    }
}
