import GatewayTestKit
import Synchronization
import Testing

/// How a gateway goes down.
struct ShutdownSpec {
    // Promise: shutdown.notice
    @Test(arguments: eventLoops) func `every client is told to go, when to come back, and closed with 1001`(loops: Int) async throws {
        try await withGateway(loops: loops) { gateway in
            let client = try await gateway.client()
            async let drained: Void = gateway.drain()
            let frame = try await gateway.advancing(by: .seconds(1)) { try await client.expectError(503, "draining") }
            #expect(frame["details"]?["retryAfterMs"]?.integer ?? -1 >= 0)
            try await client.expectClose(1001, "draining")
            await drained
        }
    }

    // Promise: shutdown.traffic, shutdown.acknowledged
    @Test(arguments: eventLoops) func `under traffic no acknowledged message is lost and every client sees 1001`(loops: Int) async throws {
        try await withGateway(unlimited, loops: loops) { gateway in
            let seen = Seen()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for index in 0..<200 {
                    group.addTask {
                        let client = try await gateway.client("user\(index)")
                        try await client.subscribe("room.\(index / 10)")
                        seen.ready.withLock { $0 += 1 }
                        let report = try await Self.talk(client, index)
                        seen.reports.withLock { $0.append(report) }
                    }
                }
                group.addTask {
                    try await eventually("all talk") { seen.ready.withLock { $0 } == 200 }
                    async let drained: Void = gateway.drain()
                    try await gateway.advancing(by: .milliseconds(500)) {
                        try await eventually("all have gone") { seen.reports.withLock { $0.count } == 200 }
                    }
                    await drained
                }
                try await group.waitForAll()
            }
            check(seen.reports.withLock { $0 })
        }
    }

    /// What all clients together have seen.
    private final class Seen: Sendable {
        let ready = Mutex(0)
        let reports = Mutex<[Report]>([])
    }

    /// What a client has seen.
    struct Report: Sendable {
        let index: Int
        var acknowledged: [Int] = []
        var received: [String: Set<Int>] = [:]
        var wasTold = false
        var closeCode = 0
    }

    /// Publishes one message after the other, each after the ack of the one before, until the gateway closes.
    private static func talk(_ client: TestClient, _ index: Int) async throws -> Report {
        var report = Report(index: index)
        var number = 0
        func publish() {
            client.send([
                "type": "message", "topic": "room.\(index / 10)", "data": ["user": "user\(index)", "number": .number(Double(number))],
                "ack": true, "id": "\(number)",
            ])
            number += 1
        }
        publish()
        while true {
            switch try await client.nextButPings() {
            case .text(let text):
                let frame = try JSON(parsing: text)
                if frame["type"] == "ack" {
                    report.acknowledged.append(Int(frame["requestId"]?.string ?? "") ?? -1)
                    publish()
                } else if frame["type"] == "message" {
                    report.received[frame["data"]?["user"]?.string ?? "", default: []].insert(frame["data"]?["number"]?.integer ?? -1)
                } else {
                    report.wasTold = frame["details"]?["reason"] == "draining"
                }
            case .close(let code, _): report.closeCode = code
            case .end: return report
            case let other: throw TestClientError.unexpected(other, wanted: "frames, a close and the end")
            }
        }
    }

    /// Held: whoever left last in a room has everything that was acknowledged to anyone in it before that.
    private func check(_ reports: [Report]) {
        #expect(reports.allSatisfy { $0.closeCode == 1001 && $0.wasTold })
        for report in reports {
            let own = report.received["user\(report.index)"] ?? []
            let lost = report.acknowledged.filter { !own.contains($0) }
            #expect(lost.isEmpty, "user\(report.index) has acks for \(lost) and not the messages")
        }
    }

    // Promise: shutdown.no_new
    @Test func `while it drains nobody new gets in`() async throws {
        try await withGateway("server: {drain: {grace: 0s, duration: 10s}}") { gateway in
            var clients: [TestClient] = []
            for _ in 0..<20 { clients.append(try await gateway.client()) }
            async let drained: Void = gateway.drain()
            try await eventually("the door is shut") {
                do {
                    let client = try await gateway.open()
                    client.requestUpgrade()
                    return try await client.response().status == 503
                } catch { return true }
            }
            try await gateway.advancing(by: .seconds(1)) { for client in clients { try await client.expectError(503, "draining") } }
            await drained
        }
    }

    // Promise: shutdown.no_new
    @Test func `nor does whoever waited for a verdict when it began`() async throws {
        let gate = Gate.named("draining-handshake")
        let settings = "pipeline: {handshake: [waiting]}\nmodules: {waiting: {gate: draining-handshake, later_timeout: 60s}}"
        try await withGateway(settings, "server: {drain: {grace: 20s, duration: 1s}}") { gateway in
            let client = try await gateway.open()
            client.requestUpgrade()
            try await eventually("the module is asked") { gate.arrived == 1 }
            async let drained: Void = gateway.drain()
            try await eventually("it drains") { gateway.log.lines.contains { $0.message == "draining" } }
            gate.open()
            #expect(try await client.response().status == 503)
            await gateway.stop()
            await drained
        }
    }

    // Promise: shutdown.grace
    @Test func `during the grace the gateway goes on as before but for new clients`() async throws {
        try await withGateway("server: {drain: {grace: 20s, duration: 1s}}") { gateway in
            let client = try await gateway.client()
            async let drained: Void = gateway.drain()
            try await eventually("new clients get a 503") { try await gateway.upgrade().status == 503 }
            try await client.expectNothingElse()
            _ = try await gateway.advancing(by: .seconds(21)) { try await client.expectError(503, "draining") }
            try await client.expectClose(1001, "draining")
            await drained
        }
    }

    // Promise: shutdown.queues
    @Test(arguments: eventLoops) func `what is queued for a slow client is written before it is closed`(loops: Int) async throws {
        try await withGateway(unlimited, quiet, "limits: {max_queue: 64MiB}", loops: loops) { gateway in
            var manners = TestClient.Manners()
            manners.receiveBuffer = 4096
            let slow = try await gateway.client("slow", manners: manners)
            try await slow.subscribe("chat")
            try await slow.pauseReading()
            let publisher = try await gateway.client("publisher")
            let text = JSON.string(String(repeating: "x", count: 100_000))
            for _ in 0..<100 { try await publisher.publishAcknowledged("chat", text) }
            async let drained: Void = gateway.drain()
            try await slow.resumeReading()
            // Only far enough for the paced close, not for the timeout of a client that never answers.
            try await gateway.advancing(by: .milliseconds(100)) {
                for _ in 0..<100 { try await slow.expectMessage("chat", text) }
                try await slow.expectError(503, "draining")
                try await slow.expectClose(1001, "draining")
            }
            await gateway.stop()
            await drained
        }
    }

    // Promise: shutdown.silent_client
    @Test func `a client that never answers does not hold the gateway up`() async throws {
        try await withGateway { gateway in
            var manners = TestClient.Manners()
            (manners.answersCloses, manners.closesAtEnd) = (false, false)
            _ = try await gateway.client(manners: manners)
            try await gateway.advancing(by: .seconds(6)) { await gateway.drain() }
            #expect(gateway.connectionCount == 0)
        }
    }
}
