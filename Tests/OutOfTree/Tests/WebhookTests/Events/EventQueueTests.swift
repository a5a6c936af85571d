import GatewayKit
import GatewayTestKit
import NIOCore
import Testing

@testable import Webhook

/// What waits to be posted, without anybody who posts.
@Suite struct EventQueueTests {
    private let tester = ModuleTester()
    private var opened: ConnectionEvent { ConnectionEvent(.opened, tester.connect(userID: "alice").connection, nil) }

    private func sequences(_ batch: EventBatch) -> [Int64] { batch.events.map(\.sequence) }

    @Test func `a batch is the oldest hundred, in order`() {
        var queue = EventQueue()
        for _ in 1...101 { #expect(queue.add(opened, limit: 1000) == 0) }
        #expect(sequences(queue.takeBatch()) == Array(1...100))
        #expect(sequences(queue.takeBatch()) == [101])
        #expect(queue.isEmpty)
    }

    @Test func `what is put back goes first`() {
        var queue = EventQueue()
        for _ in 1...2 { _ = queue.add(opened, limit: 10) }
        let batch = queue.takeBatch()
        _ = queue.add(opened, limit: 10)
        queue.putBack(batch)
        #expect(sequences(queue.takeBatch()) == [1, 2, 3])
    }

    @Test func `where it is full the oldest are dropped, also where the limit has become less`() {
        var queue = EventQueue()
        for _ in 1...3 { #expect(queue.add(opened, limit: 3) == 0) }
        #expect(queue.add(opened, limit: 3) == 1)
        #expect(queue.add(opened, limit: 2) == 2)
        #expect(sequences(queue.takeBatch()) == [4, 5])
        #expect(queue.removeAll() == 0)
    }

    @Test func `an event says what happened to whom and when`() throws {
        let client = tester.connect(from: "2001:db8::1", userID: "al\"ice")
        let end = ConnectionEnd(code: 1008, reason: .tokenExpired)
        let json = try JSON(parsing: String(buffer: ConnectionEvent(.closed, client.connection, end).json(sequence: 7)))
        #expect(
            json == [
                "sequence": 7, "event": "closed", "time": "2026-01-01T00:00:00.000Z", "connection": .string("\(client.connection.id)"),
                "address": "2001:db8:0:0:0:0:0:1", "user": "al\"ice", "code": 1008, "reason": "token_expired",
            ])
    }

    @Test func `losses are told at most once a second, and none is forgotten`() {
        var losses = EventLosses()
        let start = NIODeadline.uptimeNanoseconds(5_000_000_000)
        #expect(losses.note(0, start) == 0)
        #expect(losses.note(2, start) == 2)
        #expect(losses.note(3, start + .milliseconds(500)) == 0)
        #expect(losses.note(0, start + .milliseconds(999)) == 0)
        #expect(losses.note(0, start + .seconds(1)) == 3)
        #expect(losses.note(1, start + .milliseconds(1500)) == 0)
        #expect(losses.rest() == 1)
    }

    @Test func `tries come less and less often`() {
        for _ in 1...100 {
            var backOff = BackOff()
            let waits = (1...8).map { _ in backOff.take() }
            for (wait, most) in zip(waits, [100, 200, 400, 800, 1600, 3200, 5000, 5000]) {
                #expect((.milliseconds(most / 2))...(.milliseconds(most)) ~= wait)
            }
        }
    }
}
