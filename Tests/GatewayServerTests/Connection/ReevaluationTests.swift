import GatewayKit
import GatewayTestKit
import NIOCore
import Testing

@testable import GatewayServer

/// What becomes of subscriptions when a loop takes over another generation.
struct ReevaluationTests {
    /// A generation whose rules forbid what begins with `secret`.
    private func strict() throws -> Generation { try Generation.made(of: Forbidding.self, NoAdapter.self) }

    private func deliver(_ topic: String, _ tester: SessionTester) throws {
        let message = Message(data: ByteBuffer(string: "1"), metadata: ByteBuffer(), eventType: ByteBuffer(string: "message.sent"))
        tester.shard.beginTurn()
        _ = tester.shard.publish(Event(topic: try Topic(topic), message: message, sender: Sender(userID: nil, connection: nil)))
        tester.run()
    }

    @Test(arguments: ["secret.a", "secret.*", "**"]) func `a message never passes by the old rules, whoever's turn it is`(pattern: String)
        throws
    {
        let tester = try SessionTester()
        try tester.receive(#"{"type":"subscribe","topic":"\#(pattern)"}"#)
        _ = try tester.sent()
        // The pass has not begun: nobody has been asked about yet.
        tester.shard.generation = try strict()
        tester.shard.adoptions += 1
        tester.shard.reevaluation = ReevaluationPass(tester.shard, restartsAuth: false)
        try deliver("secret.a", tester)
        #expect(try tester.told() == (pattern == "**" ? ["message"] : ["forbidden"]))
        #expect(tester.session.subscriptions.count == (pattern == "**" ? 1 : 0))
        let ended = tester.shard.reevaluation?.run()
        #expect(try ended?.wait() == (pattern == "**" ? 0 : 1))
    }

    @Test func `a loop that has asked about all asks no more`() throws {
        let tester = try SessionTester()
        try tester.receive(#"{"type":"subscribe","topics":["secret.a","open"]}"#)
        _ = try tester.sent()
        let ended = try tester.shard.adopt(try strict(), tester.shard.settings).wait()
        tester.run()
        #expect(ended == 1 && tester.shard.reevaluation == nil)
        #expect(try tester.told() == ["forbidden"])
        #expect(tester.session.subscriptions.keys.map(\.description) == ["open"])
    }
}

/// Refuses what begins with `secret`.
struct Forbidding: RouteStage {
    static let name = "forbidding"
    static let summary = "Forbids secrets."

    init(settings: NoSettings, context: ModuleContext) {}

    func route(_ command: inout Command, _ connection: Connection) -> Verdict<Rejection> {
        command.pattern.description.hasPrefix("secret") ? .refuse(Rejection(.forbidden, "Not allowed")) : .proceed
    }
}
