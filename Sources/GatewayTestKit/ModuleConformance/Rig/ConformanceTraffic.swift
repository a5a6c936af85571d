import GatewayKit
import NIOCore
import Synchronization

/// A publisher and a subscriber in a whole gateway, and requests to the module's routes: what the module lets pass before a reload has to
/// go on while it is reloaded.
final class ConformanceTraffic: Sendable {
    /// How far a client gets under the module's settings.
    private enum Reach: Equatable {
        /// Its upgrade request is refused with this status.
        case refused(Int)
        /// It stays connected; the module answers in its own way, or lets it neither subscribe nor publish.
        case connected
        /// What it publishes to the topic comes back.
        case messages(String)
    }

    private struct State {
        var sent = 0
        /// Acknowledged, and not yet received.
        var due: [Int] = []
        /// Whether the subscriber was told that it misses something.
        var isTold = false
    }

    private let gateway: TestGateway
    private let rig: ModuleRig
    private let reach: Reach
    private let clients: (publisher: TestClient, subscriber: TestClient)?
    /// What the routes answered first; a request each.
    private let statuses: [Int]
    private let routes: [HTTPRoute]
    private let state = Mutex(State())

    init(_ gateway: TestGateway, _ rig: ModuleRig) async throws {
        self.gateway = gateway
        self.rig = rig
        routes = try rig.make().routes
        statuses = try await Self.statuses(routes, gateway, rig)
        (clients, reach) = try await Self.enter(gateway, rig)
    }

    private static func enter(
        _ gateway: TestGateway, _ rig: ModuleRig
    ) async throws -> ((publisher: TestClient, subscriber: TestClient)?, Reach) {
        do {
            let clients = (publisher: try await connect(gateway, rig), subscriber: try await connect(gateway, rig))
            return (clients, try await reach(clients.publisher, clients.subscriber, rig))
        } catch TestClientError.unexpected(.response(let response), _) {
            return (nil, .refused(response.status))
        }
    }

    private static func connect(_ gateway: TestGateway, _ rig: ModuleRig) async throws -> TestClient {
        var manners = TestClient.Manners()
        manners.patience = rig.setup.patience
        return try await gateway.connect(manners: manners)
    }

    // MARK: What the module lets pass

    private static func reach(_ publisher: TestClient, _ subscriber: TestClient, _ rig: ModuleRig) async throws -> Reach {
        for client in [publisher, subscriber] {
            let frames = try await answers(client, ["type": "auth", "token": .string(rig.setup.token ?? "conformance")])
            guard frames.contains(where: { $0["type"] == "auth_success" }) else { return .connected }
        }
        let own = try rig.inputs().patterns.compactMap(\.topic).filter { $0.bytes.readableBytes < 100 }.map(\.description)
        for topic in (["conformance.traffic"] + own.suffix(20)).prefix(12) {
            guard try await answer(subscriber, ["type": "subscribe", "topic": .string(topic)]) == "subscribed" else { continue }
            let answer = try await answer(publisher, ["type": "message", "topic": .string(topic), "data": 0, "ack": true])
            if answer == "ack", try await receives(subscriber, topic) { return .messages(topic) }
            _ = try await self.answer(subscriber, ["type": "unsubscribe", "topic": .string(topic)])
        }
        return .connected
    }

    /// What is answered to a frame before the pong of a ping that is sent after it, verdicts that wait included.
    private static func answers(_ client: TestClient, _ frame: JSON) async throws -> [JSON] {
        client.send(frame)
        client.send(frame: TestFrame(opcode: 9, payload: Array("conformance".utf8)))
        var frames: [JSON] = []
        while true {
            switch try await client.next(waitingFor: "an answer to \(frame), or the pong after it") {
            case .pong: return frames
            case .text(let text): if let frame = try? JSON(parsing: text) { frames.append(frame) }
            case .binary, .ping: continue
            case let other: throw TestClientError.unexpected(other, wanted: "an answer to \(frame), or the pong after it")
            }
        }
    }

    /// The type of the answer to a frame of the gateway's protocol; nil where a module lets it vanish.
    private static func answer(_ client: TestClient, _ frame: JSON) async throws -> String? {
        client.send(frame)
        do { return try await client.frame()["type"]?.string } catch TestClientError.nothingCame { return nil }
    }

    private static func receives(_ subscriber: TestClient, _ topic: String) async throws -> Bool {
        do {
            try await subscriber.expectMessage(topic, 0)
            return true
        } catch TestClientError.nothingCame {
            // A module of the deliver stage may keep it back.
            return false
        }
    }

    // MARK: Traffic

    /// Publishes messages one after the other and receives what is due; where that is not let pass, sees that the clients stay connected.
    ///
    /// - Parameters:
    ///   - count: How many.
    ///   - isChanged: Whether the module has other settings, and may answer otherwise.
    /// - Throws: ``Unmet`` or ``TestClientError`` where something is lost, or a connection closes.
    func exchange(_ count: Int, isChanged: Bool = false) async throws {
        guard let clients else { return try await expectRefusal(isChanged) }
        for _ in 0..<count {
            // What is counted by time has come back, as far as that goes.
            gateway.advance(by: .seconds(1))
            guard case .messages(let topic) = reach else {
                _ = try await Self.answers(clients.publisher, ["type": "ping"])
                _ = try await Self.answers(clients.subscriber, ["type": "ping"])
                continue
            }
            let number = state.withLock { state in
                state.sent += 1
                return state.sent
            }
            clients.publisher.send(["type": "message", "topic": .string(topic), "data": JSON.number(Double(number)), "ack": true])
            let reply = try await clients.publisher.frame()
            // A refusal is told, so nothing is lost.
            if reply["type"] == "ack" { state.withLock { $0.due.append(number) } }
            try await receiveDue(clients.subscriber)
        }
    }

    private func receiveDue(_ subscriber: TestClient) async throws {
        while let next = state.withLock({ $0.isTold ? nil : $0.due.first }) {
            let frame = try await subscriber.frame()
            switch frame["type"]?.string {
            case "message":
                guard frame["data"]?.integer == next else {
                    throw Unmet(what: "message \(next), acknowledged and in its order; got \(frame)")
                }
                state.withLock { _ = $0.due.removeFirst() }
            case "error", "unsubscribed": state.withLock { $0.isTold = true }
            default: throw TestClientError.unexpected(.text(frame.text), wanted: "message \(next), or a notice that it is missing")
            }
        }
    }

    private func expectRefusal(_ isChanged: Bool) async throws {
        do {
            try await Self.connect(gateway, rig).close()
            if !isChanged { throw Unmet(what: "\(reach) as before the reload; got a connection") }
        } catch TestClientError.unexpected(.response(let response), _) {
            if !isChanged, .refused(response.status) != reach { throw Unmet(what: "\(reach) as before the reload; got \(response.status)") }
        }
    }

    /// Looks once more at everything after the last reload.
    func finish() async throws {
        let now = try await Self.statuses(routes, gateway, rig)
        for (index, route) in routes.enumerated() where now[index] != statuses[index] && now[index] != 429 {
            throw Unmet(what: "\(statuses[index]) of \(route.method.rawValue) \(route.path), as before the reloads; got \(now[index])")
        }
        guard let clients else { return }
        for client in [clients.publisher, clients.subscriber] {
            _ = try await Self.answers(client, ["type": "ping"])
            try await client.close()
        }
    }

    // MARK: HTTP

    /// The status of one simple request to each route.
    private static func statuses(_ routes: [HTTPRoute], _ gateway: TestGateway, _ rig: ModuleRig) async throws -> [Int] {
        var statuses: [Int] = []
        for route in routes {
            let client = try await gateway.open()
            let path = route.path.description.replacing(/<[^>]*>/, with: "x")
            let body = route.operation.body == nil ? "" : "{}"
            client.sendRaw(
                """
                \(route.method.rawValue) \(path) HTTP/1.1\r
                Host: localhost\r
                Connection: close\r
                Content-Type: application/json\r
                Content-Length: \(body.utf8.count)\r
                Authorization: Bearer \(rig.setup.token ?? "conformance")\r
                \r
                \(body)
                """)
            statuses.append(try await client.response().status)
        }
        return statuses
    }
}
