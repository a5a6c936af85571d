import Foundation
import GatewayKit
import GatewayPlugins
import GatewayTestKit
import NIOCore
import Testing

@Suite struct MaintenanceModeTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "maintenance-\(UUID().uuidString)")
    private var file: String { folder.appending(path: "maintenance").path }
    private let tester = ModuleTester()

    private func make(_ settings: String = "{}") throws -> MaintenanceMode { try tester.make(MaintenanceMode.self, settings) }

    private func turn(_ module: MaintenanceMode, _ on: String) async throws -> HTTPResponse {
        let route = try #require(module.adminRoutes.first { $0.method == .put })
        let address = try #require(ClientAddress("127.0.0.1"))
        return try await route.answer(
            HTTPRequest(method: "PUT", path: route.path.description, body: .init(string: "{\"on\":\(on)}"), address: address))
    }

    private func refusal(_ module: MaintenanceMode, _ action: Command.Action, from address: String = "192.0.2.1") throws -> Rejection? {
        var command = Command(action, try TopicPattern("a"))
        return module.route(&command, tester.connect(from: address, userID: "alice").connection).refusal
    }

    @Test func `without a maintenance everybody goes on`() throws {
        let module = try make()
        for action in Command.Action.allCases { #expect(try refusal(module, action) == nil) }
    }

    @Test func `an operator begins and ends one, and a reload keeps it`() async throws {
        let module = try make("{message: \"Back soon\", retry_after: 90s}")
        let answer = try await turn(module, "true")
        #expect(String(buffer: answer.body) == #"{"success":true,"data":{"on":true,"file":false,"operator":true}}"#)
        let rejection = try #require(try refusal(module, .subscribe))
        #expect(rejection == Rejection(MaintenanceMode.reason, "Back soon", retryAfter: .seconds(90)))
        #expect(try refusal(try make(), .publish) != nil)
        _ = try await turn(module, "false")
        #expect(try refusal(module, .publish) == nil)
    }

    @Test(arguments: ["1", "null", "\"yes\""]) func `anything but true and false is a 400`(value: String) async throws {
        let module = try make()
        await #expect(throws: HTTPRefusal.self) { try await turn(module, value) }
        #expect(try refusal(module, .publish) == nil)
    }

    @Test func `who is there can leave, keeps its subscriptions, and applications may post`() async throws {
        let module = try make()
        _ = try await turn(module, "true")
        #expect(try refusal(module, .unsubscribe) == nil)
        #expect(try refusal(module, .ingress) == nil)
        #expect(try refusal(try make("{allow_ingress: false}"), .ingress) != nil)
        var again = Command(.subscribe, try TopicPattern("a"), isReevaluation: true)
        #expect(module.route(&again, tester.connect().connection).proceeds)
    }

    @Test func `addresses that are allowed go on`() async throws {
        let module = try make("{allow: [10.0.0.0/8, \"2001:db8::/32\"]}")
        _ = try await turn(module, "true")
        for (address, proceeds) in [("10.1.2.3", true), ("2001:db8::1", true), ("11.1.2.3", false)] {
            let refusal = try refusal(module, .publish, from: address)
            #expect((refusal == nil) == proceeds, "\(address)")
            var request = UpgradeRequest(path: "/ws", headers: [])
            #expect(module.handshake(&request, tester.connect(from: address).connection).proceeds == proceeds, "\(address)")
        }
    }

    @Test func `a file that comes begins one, and ends it when it goes`() async throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let module = try make("{file: \(file), check_interval: 10ms}")
        #expect(try refusal(module, .publish) == nil)
        try await module.start()
        try Data().write(to: URL(filePath: file))
        try await eventually("the maintenance begins") { try refusal(module, .publish) != nil }
        try FileManager.default.removeItem(atPath: file)
        try await eventually("the maintenance ends") { try refusal(module, .publish) == nil }
        await module.stop()
    }

    @Test func `one that is there already counts from the first connection on`() async throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data().write(to: URL(filePath: file))
        #expect(try refusal(try make("{file: \(file)}"), .publish) != nil)
    }

    @Test(arguments: Wire.allCases) func `a gateway lets nobody in, and says when to come back`(wire: Wire) async throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let settings = "{file: \(file), check_interval: 10ms, retry_after: 90s}"
        try await TestGateway.with(MaintenanceMode.self, settings, over: wire) { gateway in
            let client = try await gateway.connect()
            try await client.authenticate("alice")
            try await client.subscribe("news")
            try Data().write(to: URL(filePath: file))
            try await eventually("clients are refused") { try await isRefused(client) }
            let late = try await gateway.open()
            late.requestUpgrade()
            let response = try await late.response()
            #expect(response.status == 503)
            #expect(response["retry-after"] == "90")
            let message = Message(data: ByteBuffer(string: "1"), metadata: ByteBuffer(), eventType: ByteBuffer(string: "e"))
            try await gateway.publish(Event(topic: try Topic("news"), message: message, sender: Sender(userID: nil, connection: nil)))
            try await client.expectMessage("news")
        }
    }

    /// Whether a publish is refused as it should be; false where it still goes through.
    private func isRefused(_ client: TestClient) async throws -> Bool {
        client.publish("nobody")
        client.send(["type": "ping"])
        let frame = try await client.frame()
        guard frame["type"] == "error" else { return false }
        #expect(frame["code"] == 503 && frame["details"]?["reason"] == "maintenance")
        #expect(frame["details"]?["retryAfterMs"] == 90_000)
        try await client.expect("pong")
        return true
    }
}
