import Foundation
import GatewayKit
import NIOCore

/// Publishes names as if they were JSON.
struct Herald: PassingRoute, EventHooks {
    static let name = "herald"
    static let summary = "Publishes names as if they were JSON."
    private let publisher: any EventPublisher

    init(settings: NoSettings, context: ModuleContext) { publisher = context.publisher }

    func opened(_ connection: Connection) {}

    func authenticated(_ connection: Connection) {
        guard let user = connection.principal?.userID, let topic = try? Topic("arrivals") else { return }
        let message = Message(data: ByteBuffer(string: "\"\(user)\""), metadata: ByteBuffer(), eventType: ByteBuffer())
        _ = publisher.publish(
            Event(topic: topic, message: message, sender: Sender(userID: nil, connection: nil)), on: connection.eventLoop)
    }

    func closed(_ connection: Connection, _ end: ConnectionEnd) {}
}

/// Holds the event loop up for as long as it serves.
final class Doorkeeper: PassingRoute, EventHooks {
    static let name = "doorkeeper"
    static let summary = "Waits where nobody may wait."
    private let end = DispatchSemaphore(value: 0)

    init(settings: NoSettings, context: ModuleContext) {}

    func stop() async { end.signal() }
    func opened(_ connection: Connection) {}
    func closed(_ connection: Connection, _ end: ConnectionEnd) { self.end.wait() }
}

/// Throws what an operator does not expect.
struct Bureaucrat: PassingRoute, AdminModule {
    static let name = "bureaucrat"
    static let summary = "Throws what no operator expects."
    struct Surprise: Error {}
    private let path: HTTPPath

    struct Settings: GatewayKit.Settings {
        var status = 0
        static let fields: [SettingField<Self>] = [SettingField("status", \.status, "What it answers; 0 = it throws.")]
    }
    private let status: Int

    init(settings: Settings, context: ModuleContext) {
        (path, status) = (context.adminPath(), settings.status)
    }

    var adminRoutes: [HTTPRoute] {
        let operation = HTTPOperation("readForm", "Tells what form to fill in.", answers: [.init(204, "None.")])
        return [
            HTTPRoute(.get, path, operation) { [status] _ in
                guard status > 0 else { throw Surprise() }
                return HTTPResponse(status: status)
            }
        ]
    }
}
