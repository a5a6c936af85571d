import GatewayKit
import GatewayTestKit
import NIOCore
import Testing

@testable import GatewayServer

/// Events that were lost on their way to the process.
struct GapTests {
    private let broker = TestBroker()
    private let since = Timestamp(milliseconds: 1_700_000_000_123)

    private func tester(_ settings: (inout CoreSettings) -> Void = { _ in }) throws -> SessionTester {
        try SessionTester(Generation(adapter: broker), settings)
    }

    private func subscribe(_ topics: String...) -> String {
        #"{"type":"subscribe","topics":[\#(topics.map { "\"\($0)\"" }.joined(separator: ","))]}"#
    }

    @Test func `a subscriber is told of its subscriptions and since when`() throws {
        let tester = try tester()
        try tester.receive(subscribe("news.*", "chat"))
        _ = try tester.sent()
        broker.sink?.lostEvents(since: since)
        tester.run()
        let date = tester.clock.timestamp.text
        let details = #"{"reason":"gap","topics":["chat","news.*"],"dropped":null,"since":"2023-11-14T22:13:20.123Z"}"#
        #expect(
            try tester.sent() == [
                #"{"type":"error","code":503,"message":"Messages may have been lost","details":\#(details),"timestamp":"\#(date)"}"#
            ])
    }

    @Test func `what an adapter brings outside of any turn has the time of now, and goes out at once`() throws {
        let tester = try tester()
        try tester.receive(subscribe("chat"))
        _ = try tester.sent()
        tester.clock.advance(by: .seconds(7))
        let message = Message(data: ByteBuffer(string: "1"), metadata: ByteBuffer(), eventType: ByteBuffer(string: "message.sent"))
        let event = Event(topic: try Topic("chat"), message: message, sender: Sender(userID: nil, connection: nil))
        #expect(broker.sink?.deliver(event, on: tester.core.eventLoops[0]).proceeds == true)
        tester.run()
        let frames = try tester.sent().map { try JSON(parsing: $0) }
        #expect(frames.map { $0["timestamp"]?.string } == [tester.clock.timestamp.text])
    }

    @Test func `no more than twenty topics are named`() throws {
        let tester = try tester()
        for number in 10..<35 { try tester.receive(subscribe("t\(number)")) }
        _ = try tester.sent()
        broker.sink?.lostEvents(since: since)
        tester.run()
        let details = try JSON(parsing: #require(try tester.sent().first))["details"]
        #expect(details?["topics"] == .array((10..<30).map { .string("t\($0)") }))
        #expect(details?["more"] == 5)
    }

    @Test func `who is subscribed to nothing, or is closing, is told nothing`() throws {
        let closing = try tester()
        let idle = try SessionTester(beside: closing)
        try closing.receive(subscribe("chat"))
        closing.session.close(.disconnected, code: 1008)
        closing.run()
        for tester in [closing, idle] { _ = try tester.sent() }
        broker.sink?.lostEvents(since: since)
        closing.run()
        #expect(try closing.told() + idle.told() == [])
    }

    @Test func `a subscription that the adapter has not answered about has lost nothing`() throws {
        let tester = try tester()
        let other = try SessionTester(beside: tester)
        try tester.receive(subscribe("chat"))
        broker.isWaiting = true
        try tester.receive(subscribe("news"))
        try other.receive(subscribe("news"))
        _ = try tester.sent()
        broker.sink?.lostEvents(since: since)
        tester.run()
        #expect(try tester.sent().map { try JSON(parsing: $0)["details"]?["topics"] } == [.array([.string("chat")])])
        broker.answers[0].succeed(.proceed)
        tester.run()
        #expect(try tester.told() == ["subscribed"])
        #expect(try other.told() == ["subscribed"])
    }

    @Test func `gaps that come while one is told are told after it, since the earliest`() throws {
        let tester = try tester()
        try tester.receive(subscribe("chat"))
        _ = try tester.sent()
        for seconds in [0, 10, 20] { broker.sink?.lostEvents(since: since.advanced(by: .seconds(seconds))) }
        tester.run()
        let told = try tester.sent().map { try JSON(parsing: $0)["details"]?["since"]?.string }
        #expect(told == ["2023-11-14T22:13:20.123Z", "2023-11-14T22:13:30.123Z"])
    }

    @Test func `a notice counts in the queue of a client that does not read`() throws {
        let tester = try tester { $0.limits.maxQueue = ByteCount(64) }
        try tester.receive(subscribe("c"))
        _ = try tester.sent()
        tester.isStuck = true
        for _ in 0..<2 {
            broker.sink?.lostEvents(since: since)
            tester.run()
        }
        tester.isStuck = false
        #expect(try tester.told() == ["gap", "slow_consumer", "close 1008 slow_consumer"])
    }

    @Test func `it costs no strike`() throws {
        let tester = try tester { $0.limits.maxStrikes = 1 }
        try tester.receive(subscribe("chat"))
        _ = try tester.sent()
        for _ in 0..<3 {
            broker.sink?.lostEvents(since: since)
            tester.run()
        }
        #expect(try tester.told() == ["gap", "gap", "gap"])
    }

    @Test func `many subscribers are told a slice at a time`() throws {
        let first = try tester()
        let testers = try [first] + (0..<300).map { _ in try SessionTester(beside: first) }
        for tester in testers {
            try tester.receive(subscribe("chat"))
            _ = try tester.sent()
        }
        broker.sink?.lostEvents(since: since)
        first.run()
        let sooner = try testers.count { try $0.told() == ["gap"] }
        #expect(0 < sooner && sooner < 200)
        first.runTimers(for: .seconds(1))
        let later = try testers.count { try $0.told() == ["gap"] }
        #expect(sooner + later == testers.count)
    }
}
