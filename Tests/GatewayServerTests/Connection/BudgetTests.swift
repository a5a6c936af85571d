import GatewayKit
import NIOCore
import Testing

@testable import GatewayServer

@Suite struct BudgetTests {
    @Test(arguments: [true, false]) func `what an unfinished message held is given back when the connection ends`(closesFirst: Bool) throws
    {
        let tester = try SessionTester()
        let frame = ClientFrames.frame(0x82, Array(repeating: 9, count: 50_000))
        try tester.receive(Array(frame.prefix(30_000)))
        #expect(tester.core.budgets.inbound.count == 29_992)
        if closesFirst {
            tester.session.close(.tooManyErrors, code: 1008)
            #expect(tester.core.budgets.inbound.count == 0)
            // The first bytes of the peer's answer.
            try tester.receive(Array(ClientFrames.frame(0x88, [3, 232]).prefix(3)))
        }
        tester.session.ended()
        #expect(tester.core.budgets.inbound.count == 0)
    }

    @Test func `a queue is judged by what the client does not take, not by what one turn brings`() throws {
        let tester = try SessionTester { $0.limits.maxQueue = ByteCount(2_000) }
        try tester.receive(Array(repeating: #"{"type":"ping"}"#, count: 100).flatMap(ClientFrames.text))
        #expect(try tester.told() == Array(repeating: "pong", count: 100))
    }

    @Test func `a reply that does not fit behind what the client does not take closes`() throws {
        let tester = try SessionTester { $0.limits.maxQueue = ByteCount(2_000) }
        tester.isStuck = true
        try tester.receive(Array(repeating: #"{"type":"ping"}"#, count: 100).flatMap(ClientFrames.text))
        #expect(tester.session.outbox.queuedBytes <= 2_000 + 300)
        tester.isStuck = false
        let told = try tester.told()
        #expect(told.suffix(2) == ["slow_consumer", "close 1008 slow_consumer"])
        #expect(told.dropLast(2).allSatisfy { $0 == "pong" })
    }

    @Test func `so does a delivery, with what the same turn has brought already`() throws {
        let tester = try SessionTester(Generation(adapter: Loopback())) { $0.limits.maxQueue = ByteCount(2_000) }
        try tester.receive(#"{"type":"subscribe","topic":"chat"}"#)
        tester.isStuck = true
        let message = #"{"type":"message","topic":"chat","data":"\#(String(repeating: "x", count: 100))"}"#
        try tester.receive(Array(repeating: message, count: 100).flatMap(ClientFrames.text))
        #expect(tester.session.outbox.queuedBytes <= 2_000 + 300)
        tester.isStuck = false
        let told = try tester.told()
        #expect(told.first == "subscribed")
        #expect(told.suffix(2) == ["slow_consumer", "close 1008 slow_consumer"])
        #expect(told.dropFirst().dropLast(2).allSatisfy { $0 == "message" })
    }
}
