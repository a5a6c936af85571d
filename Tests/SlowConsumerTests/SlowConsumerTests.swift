import GatewayKit
import GatewayTestKit
import SlowConsumerModule
import Testing

struct SlowConsumerTests {
    private let tester = ModuleTester()

    @Test func `its declarations are complete`() {
        #expect(SettingsTester.defects(of: SlowConsumer.self) == [])
    }

    @Test(arguments: [(0, 100), (99, 1), (0, 0), (100, 0)])
    func `a message that fits into the queue is delivered`(queued: Int, size: Int) throws {
        #expect(try verdict(queued: queued, size: size) == .deliver)
    }

    @Test(arguments: [(0, 101), (100, 1), (99, 2), (1, Int.max), (Int.max, 1)])
    func `a message that does not fit closes the connection`(queued: Int, size: Int) throws {
        #expect(try verdict(queued: queued, size: size) == .disconnect)
    }

    @Test func `a topic's own policy is asked`() throws {
        #expect(try verdict(queued: 100, size: 1, "{topics: [{match: \"a.*\", on_full: close}]}") == .disconnect)
    }

    @Test(arguments: ["{on_full: drop_oldest}", "{topics: [{match: a, on_full: conflate}]}"])
    func `a policy that does not exist yet is an unknown choice`(settings: String) {
        let (decoded, diagnostics) = SettingsTester.decode(SlowConsumerSettings.self, settings)
        #expect(decoded == nil)
        #expect(diagnostics.map(\.code) == [.unknownChoice])
    }

    private func verdict(queued: Int, size: Int, _ settings: String = "{}") throws -> DeliverVerdict {
        let module = try tester.make(SlowConsumer.self, settings)
        let message = Delivery(topic: try Topic("a.b"), size: size)
        return module.deliver(message, to: tester.connect().connection, backlog: Backlog(bytes: queued, limit: 100))
    }
}
