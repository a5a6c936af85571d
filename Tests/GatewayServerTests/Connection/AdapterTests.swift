import GatewayKit
import GatewayTestKit
import NIOCore
import Testing

@testable import GatewayServer

/// An adapter that answers later.
@Suite struct AdapterTests {
    private let broker = TestBroker()
    private let unavailable = Rejection(.brokerUnavailable, "The broker is down")

    private func publish(_ id: Int, ack: Bool = true) -> String {
        #"{"type":"message","topic":"chat","data":1,"ack":\#(ack),"id":"\#(id)"}"#
    }

    private func ids(_ tester: SessionTester) throws -> [String] {
        try tester.sent().map { frame in
            let json = try JSON(parsing: frame)
            return "\(json["type"]?.string ?? "") \(json["requestId"]?.string ?? json["details"]?["requestId"]?.string ?? "")"
        }
    }

    @Test func `acks keep the order of their publishes, however the adapter answers`() throws {
        let tester = try SessionTester(Generation(adapter: broker))
        broker.isWaiting = true
        try tester.receive(publish(1), publish(2), publish(3, ack: false), publish(4))
        broker.isWaiting = false
        try tester.receive(publish(5))
        let answers = broker.answers
        answers[3].succeed(.proceed)
        answers[1].succeed(.refuse(unavailable))
        tester.run()
        #expect(try ids(tester).isEmpty)
        answers[0].succeed(.proceed)
        answers[2].succeed(.proceed)
        tester.run()
        #expect(try ids(tester) == ["ack 1", "error 2", "ack 4", "ack 5"])
    }

    @Test func `a publish that is not answered in time is refused, and late it changes nothing`() throws {
        let tester = try SessionTester(Generation(adapter: broker))
        broker.isWaiting = true
        try tester.receive(publish(1))
        tester.advance(by: .milliseconds(1_000))
        try tester.receive(publish(2))
        tester.advance(by: .milliseconds(900))
        #expect(try tester.told().isEmpty)
        tester.advance(by: .milliseconds(200))
        #expect(try ids(tester) == ["error 1"])
        broker.answers[0].succeed(.proceed)
        broker.answers[1].succeed(.proceed)
        tester.run()
        #expect(try ids(tester) == ["ack 2"])
    }

    @Test func `publishes on their way are bounded, and keep no read`() throws {
        let tester = try SessionTester(Generation(adapter: broker))
        broker.isWaiting = true
        let texts = (0..<300).map { publish($0) } + [#"{"type":"ping","id":"last"}"#]
        #expect(try tester.receive(texts.flatMap(ClientFrames.text)))
        #expect(broker.answers.count == PendingPublishes.maxCount)
        for answer in broker.answers.prefix(127) { answer.succeed(.proceed) }
        tester.run()
        #expect(broker.answers.count == PendingPublishes.maxCount)
        broker.answers[127].succeed(.proceed)
        tester.run()
        #expect(broker.answers.count == 300)
        #expect(try ids(tester) == (0..<128).map { "ack \($0)" } + ["pong last"])
    }

    @Test func `who subscribes while the adapter is asked for another gets the same answer`() throws {
        let first = try SessionTester(Generation(adapter: broker))
        let second = try SessionTester(beside: first)
        broker.isWaiting = true
        let subscribe = #"{"type":"subscribe","topic":"news.*"}"#
        for tester in [first, second] { try tester.receive(subscribe, subscribe) }
        #expect(broker.calls == ["+news.*"])
        #expect(try first.told() + second.told() == [])
        broker.answers[0].succeed(.refuse(unavailable))
        first.run()
        #expect(try first.told() + second.told() == ["broker_unavailable", "broker_unavailable"])
        // The second subscribe of each asked again, since nobody was subscribed any more.
        #expect(broker.calls == ["+news.*", "-news.*", "+news.*"])
        broker.answers[1].succeed(.proceed)
        first.run()
        #expect(try first.told() + second.told() == ["subscribed", "subscribed"])
        #expect(first.core.budgets.subscriptions.count == 2)
    }

    @Test func `a subscribe that is not answered in time is refused, and the connection goes on`() throws {
        let tester = try SessionTester(Generation(adapter: broker))
        broker.isWaiting = true
        #expect(try tester.receive(#"{"type":"subscribe","topic":"news"}"#, #"{"type":"ping"}"#))
        tester.advance(by: .milliseconds(2_100))
        #expect(try tester.told() == ["broker_unavailable", "pong"])
        #expect(broker.calls == ["+news", "-news"])
    }

    @Test func `an answer for somebody who has gone is none for who came after`() throws {
        let first = try SessionTester(Generation(adapter: broker))
        let second = try SessionTester(beside: first)
        broker.isWaiting = true
        try first.receive(#"{"type":"subscribe","topic":"news"}"#)
        first.session.ended()
        try second.receive(#"{"type":"subscribe","topic":"news"}"#)
        #expect(broker.calls == ["+news", "-news", "+news"])
        broker.answers[0].succeed(.refuse(unavailable))
        second.run()
        #expect(try second.told().isEmpty)
        broker.answers[1].succeed(.proceed)
        second.run()
        #expect(try second.told() == ["subscribed"])
    }

    @Test func `what waits behind a verdict keeps no read`() throws {
        let tester = try SessionTester(Generation(adapter: broker))
        broker.isWaiting = true
        let isFree = try tester.receive(
            #"[{"type":"subscribe","topics":["a","b"],"id":"1"},{"type":"ping","id":"2"},{"type":7,"id":"3"}]"#,
            #"{"type":"ping","id":"4"}"#)
        #expect(isFree)
        broker.isWaiting = false
        broker.answers[0].succeed(.proceed)
        tester.run()
        #expect(try ids(tester) == ["subscribed 1", "subscribed 1", "pong 2", "error 3", "pong 4"])
    }
}
