import GatewayKit
import NIOCore

/// What the back end is asked about a command, as JSON.
struct Question {
    /// What an answer may hang on beside the data: action, topic, user and claims.
    let key: ByteBuffer
    private let members: JSONWriter

    init(_ command: Command, _ connection: Connection, claims: [String]) {
        var members = JSONWriter()
        // Who unsubscribes takes back what it has asked for.
        let action = command.action == .unsubscribe ? Command.Action.subscribe : command.action
        members.member("action", .string(action.rawValue))
        members.member("topic", .string(command.pattern.description))
        if let principal = connection.principal {
            members.member("user", .string(principal.userID))
            let told = principal.claims.filter { claims.contains($0.key) }
            if !claims.isEmpty { members.member("claims", .object(told)) }
        }
        self.members = members
        key = members.finish()
    }

    /// The request's body.
    ///
    /// - Parameters:
    ///   - connection: Who wants it.
    ///   - message: What is published, where the back end is to know; its bytes pass through as they came.
    ///   - isSimulated: Whether nobody wants it.
    /// - Returns: One JSON object.
    func body(_ connection: Connection, _ message: Message?, isSimulated: Bool) -> ByteBuffer {
        var members = members
        members.member("connection", .string(connection.id.description))
        members.member("address", .string(connection.address.description))
        if isSimulated { members.member("simulated", .bool(true)) }
        if let message {
            members.member("eventType", .string(String(buffer: message.eventType)))
            members.member("data", json: message.data)
        }
        return members.finish()
    }
}
