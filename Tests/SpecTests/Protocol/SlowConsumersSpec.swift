import GatewayTestKit
import Testing

/// What becomes of a client that does not read.
struct SlowConsumersSpec {
    private let small = "server: {max_message_size: 64KiB}\nlimits: {max_queue: 256KiB}"
    private let text = JSON.string(String(repeating: "x", count: 50_000))

    private func slowClient(_ gateway: TestGateway, topic: String = "chat") async throws -> TestClient {
        var manners = TestClient.Manners()
        manners.receiveBuffer = 4096
        let client = try await gateway.client("slow", manners: manners)
        try await client.subscribe(topic)
        try await client.pauseReading()
        return client
    }

    // Promise: slow.close
    @Test(arguments: eventLoops, ["[slow_consumer]", "[]"])
    func `a client that does not read is closed, with the module and without`(loops: Int, deliver: String) async throws {
        try await withGateway(unlimited, small, "pipeline: {deliver: \(deliver)}", loops: loops) { gateway in
            let slow = try await slowClient(gateway)
            let publisher = try await gateway.client("publisher")
            // More than the kernel's buffers of both ends and the queue hold.
            for _ in 0..<400 { try await publisher.publishAcknowledged("chat", text) }
            try await slow.resumeReading()
            while true {
                let received = try await slow.nextButPings()
                if case .close(let code, let reason) = received {
                    #expect(code == 1008)
                    #expect(reason == "slow_consumer")
                    break
                }
                guard case .text(let frame) = received else { throw TestClientError.unexpected(received, wanted: "messages, then a close") }
                #expect(try JSON(parsing: frame)["type"] == "message" || JSON(parsing: frame)["details"]?["reason"] == "slow_consumer")
            }
            try await slow.expectEnd()
        }
    }

    // Promise: slow.others
    @Test(arguments: eventLoops) func `a slow client never delays another`(loops: Int) async throws {
        try await withGateway(unlimited, small, loops: loops) { gateway in
            _ = try await slowClient(gateway)
            let fast = try await gateway.client("fast")
            try await fast.subscribe("chat")
            let publisher = try await gateway.client("publisher")
            for number in 0..<300 {
                publisher.publish("chat", [.number(Double(number)), text])
                #expect(try await fast.expectMessage("chat")["data"]?[0] == .number(Double(number)))
            }
        }
    }

    // Promise: slow.within_bound
    @Test(arguments: eventLoops) func `who is slow within the bound loses nothing`(loops: Int) async throws {
        try await withGateway(unlimited, "limits: {max_queue: 16MiB}", loops: loops) { gateway in
            let slow = try await slowClient(gateway)
            let publisher = try await gateway.client("publisher")
            for number in 0..<150 { try await publisher.publishAcknowledged("chat", [.number(Double(number)), text]) }
            try await slow.resumeReading()
            for number in 0..<150 { #expect(try await slow.expectMessage("chat")["data"]?[0] == .number(Double(number))) }
        }
    }

    // Promise: slow.total
    @Test(arguments: eventLoops) func `where all queues together are too much, the worst goes first`(loops: Int) async throws {
        try await withGateway(unlimited, "limits: {max_queue: 64MiB, max_total_queue: 1MiB}", loops: loops) { gateway in
            let slow = try await slowClient(gateway)
            let publisher = try await gateway.client("publisher")
            try await publisher.subscribe("own")
            for _ in 0..<400 { try await publisher.publishAcknowledged("chat", text) }
            try await slow.resumeReading()
            while true {
                let received = try await slow.nextButPings()
                guard case .close(let code, let reason) = received else { continue }
                #expect(code == 1008)
                #expect(reason == "slow_consumer" || reason == "overloaded")
                break
            }
            publisher.publish("own", "still here")
            try await publisher.expectMessage("own", "still here")
        }
    }

    // Promise: slow.total
    @Test(arguments: [1, 2]) func `only as many go as have to`(loops: Int) async throws {
        try await withGateway(unlimited, ticking, "limits: {max_queue: 64MiB, max_total_queue: 24MiB}", loops: loops) { gateway in
            var clients: [TestClient] = []
            for topic in ["a", "b", "c"] { clients.append(try await slowClient(gateway, topic: topic)) }
            let publisher = try await gateway.client("publisher")
            // Each gets more than the kernel's buffers hold; together with the third it is too much.
            for (topic, count) in [("a", 140), ("b", 180), ("c", 700)] {
                for _ in 0..<count { try await publisher.publishAcknowledged(topic, text) }
            }
            try await eventually("the worst is sent away") { slowConsumers(gateway) > 0 }
            for _ in 0..<6 { try await gateway.expectTick(publisher) }
            #expect(slowConsumers(gateway) == 1)
            for (client, topic, count) in [(clients[0], "a", 140), (clients[1], "b", 180)] {
                try await client.resumeReading()
                for _ in 0..<count { try await client.expectMessage(topic) }
                try await client.expectNothingElse()
            }
        }
    }

    private func slowConsumers(_ gateway: TestGateway) -> Int {
        gateway.log.lines.filter { $0.message == "refused" && $0.level == "debug" && $0.fields["reason"] == "slow_consumer" }.count
    }

    // Promise: slow.replies
    @Test func `a burst of answers is no slowness`() async throws {
        try await withGateway("server: {max_message_size: 4KiB}", "limits: {max_queue: 5KiB, max_batch: 200}") { gateway in
            let client = try await gateway.client()
            client.send(.array(Array(repeating: ["type": "ping"], count: 200)))
            for _ in 0..<200 { try await client.expect("pong") }
            try await client.expectNothingElse()
        }
    }

    // Promise: slow.replies
    @Test func `answers to a client that does not read are bounded too`() async throws {
        try await withGateway(unlimited, small) { gateway in
            var manners = TestClient.Manners()
            // Not smaller: a window that opens by less than half a segment is only probed for, ever more rarely.
            manners.receiveBuffer = 65536
            let client = try await gateway.client(manners: manners)
            try await client.pauseReading()
            let id = String(repeating: "i", count: 64)
            let batch = JSON.array(
                Array(
                    repeating: ["type": "subscribe", "topic": .string(String(repeating: "t", count: 200)), "id": .string(id)], count: 100))
            for _ in 0..<300 { client.send(batch) }
            let other = try await gateway.client("other")
            try await eventually("the gateway gives up on it") { slowConsumers(gateway) == 1 }
            #expect(gateway.connectionCount == 2, "it keeps its place as long as something is queued for it")
            try await other.expectNothingElse()
            try await client.resumeReading()
            while true {
                switch try await client.nextButPings() {
                case .text: continue
                case .close(let code, _):
                    #expect(code == 1008)
                    return
                case let received: throw TestClientError.unexpected(received, wanted: "answers, then a close")
                }
            }
        }
    }
}
