import GatewayKit
import Logging
import NIOCore

/// Publishes `"joined"` and `"left"` to `presence.<user>`, once for each connection of the user.
struct Presence: RouteStage, EventHooks {
    static let name = "presence"
    static let summary = "Publishes who comes and goes to presence.<user>."
    private let publisher: any EventPublisher
    private let logger: Logger
    private let hasJoined: ConnectionSlot<Bool>

    init(settings: NoSettings, context: ModuleContext) {
        (publisher, logger) = (context.publisher, context.logger)
        hasJoined = context.slot(initial: false)
    }

    /// Nobody else says who is there; what the module itself publishes meets no route stage.
    func route(_ command: inout Command, _ connection: Connection) -> Verdict<Rejection> {
        let isPublish = command.action == .publish || command.action == .ingress
        guard isPublish, command.pattern.bytes.readableBytesView.starts(with: "presence.".utf8) else { return .proceed }
        return .refuse(Rejection(.forbidden, "Only the gateway says who is there"))
    }

    func opened(_ connection: Connection) {}

    func authenticated(_ connection: Connection) {
        connection[hasJoined] = true
        publish("joined", connection)
    }

    func closed(_ connection: Connection, _ end: ConnectionEnd) {
        // After a reload it may end without having begun here.
        if connection[hasJoined] { publish("left", connection) }
    }

    private func publish(_ word: String, _ connection: Connection) {
        // Of a user whose name is no part of a topic nothing is told.
        guard let user = connection.principal?.userID, let topic = try? Topic("presence.\(user)") else { return }
        let message = Message(data: ByteBuffer(string: "\"\(word)\""), metadata: ByteBuffer(), eventType: ByteBuffer(string: "presence"))
        let event = Event(topic: topic, message: message, sender: Sender(userID: user, connection: connection.id))
        let verdict = publisher.publish(event, on: connection.eventLoop)
        // An adapter with a broker answers later. Nobody waits for it here: what is not taken is lost, and the log says so.
        let answer = if case .later(let future) = verdict { future } else { connection.eventLoop.makeSucceededFuture(verdict) }
        answer.whenComplete { [logger] result in
            if case .success(.proceed) = result { return }
            let reason = if case .success(.refuse(let rejection)) = result { "\(rejection.reason)" } else { "no answer" }
            logger.warning("nobody hears '\(word)' on \(topic)", metadata: ["reason": "\(reason)"])
        }
    }
}
