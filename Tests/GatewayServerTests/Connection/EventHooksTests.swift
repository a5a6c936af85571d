import GatewayKit
import GatewayTestKit
import NIOCore
import Synchronization
import Testing

@testable import GatewayServer

/// Who is told that connections come and go: each once, whatever happens in between.
struct EventHooksTests {
    /// Two lists have the same listener; reloads to this number.
    private func configuration(_ number: Int = 0, loops: Int = 1, _ more: String = "") -> TestConfiguration {
        TestConfiguration(
            file: """
                version: 1
                server: {host: 127.0.0.1, port: 0, event_loops: \(loops), ping_interval: 12h, ping_timeout: 24h}
                auth: {required: false, timeout: 10s}
                pipeline: {accept: [listener], auth: [believer], route: [listener], pubsub: none}
                modules: {listener: {number: \(number)}}
                \(more)
                """)
    }

    private func withGateway(_ configuration: TestConfiguration, _ body: (TestGateway, Told) async throws -> Void) async throws {
        let told = Told()
        try await Told.$current.withValue(told) {
            try await TestGateway.with(
                configuration, modules: [Listener.self, Believer.self, NoAdapter.self]
            ) { try await body($0, told) }
        }
    }

    @Test(arguments: [1, 2]) func `a connection opens, is somebody's, and closes, each told once`(loops: Int) async throws {
        try await withGateway(configuration(loops: loops)) { gateway, told in
            let client = try await gateway.connect()
            try await client.authenticate("alice")
            try await client.close(1000)
            #expect(told.lines == ["opened 0", "authenticated 0 alice", "closed 0 alice 1000 client_closed"])
        }
    }

    @Test func `who never said who it is closes as nobody`() async throws {
        try await withGateway(configuration()) { gateway, told in
            try await gateway.connect().reset()
            try await eventually("the end is told") { told.lines == ["opened 0", "closed 0 nobody 1006 connection_lost"] }
        }
    }

    @Test func `a renewed token and a bad one are not told`() async throws {
        try await withGateway(configuration()) { gateway, told in
            let client = try await gateway.connect()
            client.send(["type": "auth", "token": "bad"])
            try await client.expect("auth_error")
            try await client.authenticate("alice")
            gateway.advance(by: .seconds(2))
            try await client.authenticate("alice")
            #expect(told.lines == ["opened 0", "authenticated 0 alice"])
        }
    }

    @Test func `what the gateway closes is told with its reason`() async throws {
        try await withGateway(configuration(0, loops: 1, "limits: {max_strikes: 1}")) { gateway, told in
            let client = try await gateway.connect()
            client.send("no JSON")
            try await client.expectError(400, "invalid_json")
            try await client.expectClose(1008, "too_many_errors")
            #expect(told.lines == ["opened 0", "closed 0 nobody 1008 too_many_errors"])
        }
    }

    @Test func `a request that becomes no WebSocket is not told`() async throws {
        try await withGateway(configuration()) { gateway, told in
            for path in ["/ws", "/livez", "/nowhere"] {
                let client = try await gateway.open()
                client.sendRaw("GET \(path) HTTP/1.1\r\nHost: localhost\r\n\r\n")
                #expect(try await client.response().status != 101)
                await client.drop()
            }
            try await eventually("they are gone") { gateway.socketCount == 0 }
            #expect(told.lines == [])
        }
    }

    @Test(arguments: [1, 2]) func `after a reload the modules of then are told, once`(loops: Int) async throws {
        try await withGateway(configuration(loops: loops)) { gateway, told in
            let client = try await gateway.connect()
            try await gateway.reload(configuration(1, loops: loops))
            try await client.authenticate("alice")
            try await gateway.reload(configuration(2, loops: loops))
            try await client.close(4001)
            #expect(
                told.lines.filter { !$0.hasPrefix("stopped") } == [
                    "opened 0", "authenticated 1 alice", "closed 2 alice 4001 client_closed_4001",
                ])
        }
    }

    @Test func `a module hears of every end before it stops`() async throws {
        try await withGateway(configuration()) { gateway, told in
            let client = try await gateway.connect()
            let other = try await gateway.connect()
            await gateway.stop()
            try await client.expectError(503, "draining")
            try await other.expectError(503, "draining")
            let end = "closed 0 nobody 1001 draining"
            #expect(told.lines == ["opened 0", "opened 0", end, end, "stopped 0"])
        }
    }

    @Test func `so it does where the gateway stops at once`() async throws {
        let told = Told()
        try await Told.$current.withValue(told) {
            let gateway = try await TestGateway.start(configuration(), modules: [Listener.self, Believer.self, NoAdapter.self])
            let client = try await gateway.connect()
            await gateway.gateway.stop()
            #expect(told.lines == ["opened 0", "closed 0 nobody 1006 connection_lost", "stopped 0"])
            await client.drop()
        }
    }
}

/// What modules publish when a connection has gone.
struct EventHookPublishTests {
    @Test(arguments: Wire.allCases)
    func `what a hook publishes does not overtake the message in whose delivery the connection closed`(wire: Wire) async throws {
        try await TestGateway.with(Obituary.self, over: wire) { gateway in
            var clients: [TestClient] = []
            for name in ["slow", "alice", "bob"] {
                let client = try await gateway.connect()
                try await client.authenticate(name)
                try await client.subscribe("news")
                clients.append(client)
            }
            clients[2].publish("news", "first")
            for client in clients[1...] {
                #expect(try await client.expectMessage("news")["data"] == "first")
                #expect(try await client.expectMessage("news")["data"] == "slow")
            }
            try await clients[0].expectError(503, "slow_consumer")
        }
    }

    @Test func `a hook hears of an end before it hears of what came after it`() async throws {
        let told = Told()
        try await Told.$current.withValue(told) {
            try await TestGateway.with(Obituary.self) { gateway in
                let first = try await gateway.connect()
                try await first.authenticate("first")
                try await first.close(1000)
                let second = try await gateway.connect()
                try await second.authenticate("second")
            }
        }
        #expect(told.lines == ["opened", "closed first", "opened", "closed second"])
    }
}

/// Sends one user away when anything is delivered, and publishes whoever has gone.
struct Obituary: DeliverStage, EventHooks {
    static let name = "obituary"
    static let summary = "Publishes who has gone."
    private let publisher: any EventPublisher
    private let told = Told.current

    init(settings: NoSettings, context: ModuleContext) { publisher = context.publisher }

    func deliver(_ message: Delivery, to connection: Connection, backlog: Backlog) -> DeliverVerdict {
        connection.principal?.userID == "slow" ? .disconnect : .deliver
    }

    func opened(_ connection: Connection) { told.add("opened") }

    func closed(_ connection: Connection, _ end: ConnectionEnd) {
        let user = connection.principal?.userID ?? "nobody"
        told.add("closed \(user)")
        guard let topic = try? Topic("news") else { return }
        let data = ByteBuffer(string: JSON.string(user).text)
        let message = Message(data: data, metadata: ByteBuffer(), eventType: ByteBuffer(string: "gone"))
        _ = publisher.publish(
            Event(topic: topic, message: message, sender: Sender(userID: nil, connection: nil)), on: connection.eventLoop)
    }
}

/// What the modules of a test were told, in order.
final class Told: Sendable {
    @TaskLocal static var current = Told()
    private let told = Mutex<[String]>([])

    var lines: [String] { told.withLock { $0 } }
    func add(_ line: String) { told.withLock { $0.append(line) } }
}

/// Writes down what it is told.
struct Listener: AcceptStage, RouteStage, EventHooks {
    static let name = "listener"
    static let summary = "Listens."
    private let number: Int
    private let told = Told.current

    init(settings: NumberSettings, context: ModuleContext) { number = settings.number }
    func stop() async { told.add("stopped \(number)") }
    func accept(_ connection: Connection) -> Verdict<HTTPRefusal> { .proceed }
    func route(_ command: inout Command, _ connection: Connection) -> Verdict<Rejection> { .proceed }

    func opened(_ connection: Connection) { told.add("opened \(number)") }
    func authenticated(_ connection: Connection) { told.add("authenticated \(number) \(connection.principal?.userID ?? "nobody")") }
    func closed(_ connection: Connection, _ end: ConnectionEnd) {
        told.add("closed \(number) \(connection.principal?.userID ?? "nobody") \(end.code) \(end.reason)")
    }
}

/// Takes every token but one, as its user's name.
struct Believer: AuthStage {
    static let name = "believer"
    static let summary = "Believes."

    init(settings: NoSettings, context: ModuleContext) {}

    func authenticate(_ credentials: Credentials, _ connection: Connection) -> AuthVerdict {
        guard case .token(let token) = credentials, token != "bad" else { return .rejected(.malformed) }
        return .accepted(Principal(userID: token))
    }
}
