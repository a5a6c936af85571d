import GatewayKit

/// What a command has to look like that a module has let pass: what it changed is sent to others as it is.
enum CommandForm {
    static func defects(_ asked: Command, changedTo command: Command, _ connection: Connection) -> [String] {
        defects(asked.message, changedTo: command.message) + defects(command.filters, connection)
    }

    private static func defects(_ asked: Message?, changedTo message: Message?) -> [String] {
        guard let asked, let message else {
            return (asked == nil) == (message == nil) ? [] : ["a message that is there before and after; got one of the two"]
        }
        return MessageForm.defects(message, changedFrom: asked)
    }

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
