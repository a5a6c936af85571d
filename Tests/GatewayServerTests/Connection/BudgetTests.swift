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

    @Test(arguments: [true, false]) func `a queue that is full is no second reason to close`(isPeer: Bool) throws {
        let tester = try SessionTester { $0.limits.maxQueue = ByteCount(2_000) }
        tester.isStuck = true
        while case let room = 2_000 - tester.session.outbox.queuedBytes, room > 0 {
            tester.session.reply(opcode: 9, ByteBuffer(repeating: 1, count: min(room, 40) - 2))
        }
        tester.run()
        if isPeer {
            try tester.receive(ClientFrames.frame(0x88, [3, 232] + Array(repeating: 0x61, count: 100)))
        } else {
            tester.session.close(Reason("a_reason_that_is_rather_long_so_that_its_close_frame_takes_some_room", code: 403), code: 1008)
        }
        tester.isStuck = false
        let closes = try tester.told().filter { $0.hasPrefix("close") }
        #expect(closes.count == 1 && closes.first?.contains("slow_consumer") == false)
    }

    @Test func `where another loop's mailbox is full, a publish is refused and has no ack`() throws {
        let tester = try SessionTester(Generation(adapter: TestBroker()), loops: 2, mailboxBytes: 1_000)
        let message = #"{"type":"message","topic":"chat","data":"\#(String(repeating: "x", count: 600))","ack":true}"#
        for _ in 0..<2 { try tester.receive(message) }
        #expect(try tester.told() == ["ack", "ack"])
        for _ in 0..<2 { try tester.receive(message) }
        #expect(try tester.told() == ["overloaded", "overloaded"])
        tester.emptyMailbox()
        try tester.receive(message)
        #expect(try tester.told() == ["ack"])
    }

    @Test func `so does a delivery, with what the same turn has brought already`() throws {
        let tester = try SessionTester(Generation(adapter: TestBroker())) { $0.limits.maxQueue = ByteCount(2_000) }
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
