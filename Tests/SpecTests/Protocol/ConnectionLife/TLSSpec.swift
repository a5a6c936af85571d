import GatewayTestKit
import Testing

/// Over TLS nothing goes straight to the socket: order, queues and closes are the same there.
struct TLSSpec {
    private func withSecureGateway(
        _ layers: String, loops: Int = 1, _ body: (TestGateway, TestClient.Manners) async throws -> Void
    ) async throws {
        let files = try await CertificateFiles()
        var manners = TestClient.Manners()
        manners.trustedCertificate = files.certificate
        let tls = "server: {tls: {certificate: \"\(files.certificate)\", key: \"\(files.key)\"}}"
        try await withGateway(unlimited, tls, layers, loops: loops) { gateway in try await body(gateway, manners) }
    }

    private let text = JSON.string(String(repeating: "x", count: 50_000))

    // Promise: order.sizes
    @Test(arguments: eventLoops) func `large and small messages keep their order over TLS`(loops: Int) async throws {
        try await withSecureGateway("limits: {max_queue: 64MiB}", loops: loops) { gateway, manners in
            let (publisher, reader) = (try await gateway.client("publisher", manners: manners), try await gateway.client(manners: manners))
            try await reader.subscribe("chat")
            for number in 0..<60 {
                publisher.publish(
                    "chat", [.number(Double(number)), .string(String(repeating: "x", count: number % 5 == 0 ? 300_000 : 10))])
            }
            for number in 0..<60 { #expect(try await reader.expectMessage("chat")["data"]?[0] == .number(Double(number))) }
        }
    }

    // Promise: lingering.too_big
    @Test func `the 413 and the 1009 arrive over TLS although the client goes on sending`() async throws {
        try await withSecureGateway(quiet) { gateway, manners in
            try await concurrently(0..<20, width: 4) { _ in
                let client = try await gateway.client(manners: manners)
                client.send(frame: TestFrame(opcode: 1, payload: Array(repeating: 0x20, count: 3_000_000)))
                try await client.expectError(413, "message_too_big")
                try await client.expectClose(1009, "message_too_big")
            }
        }
    }

    // Promise: lingering.queue
    @Test(arguments: eventLoops) func `what is queued arrives over TLS before the close`(loops: Int) async throws {
        try await withSecureGateway("auth: {max_attempts: 1}", loops: loops) { gateway, manners in
            let client = try await gateway.client(manners: manners)
            try await client.subscribe("chat")
            for _ in 0..<20 { client.publish("chat", text) }
            client.send(["type": "auth", "token": "nonsense"])
            for _ in 0..<20 { try await client.expectMessage("chat", text) }
            try await client.expect("auth_error")
            try await client.expectClose(1008, "too_many_attempts")
        }
    }

    // Promise: slow.close, slow.within_bound
    @Test(arguments: [true, false]) func `a queue over TLS has its bound, and below it loses nothing`(isBeyond: Bool) async throws {
        let limit = isBeyond ? "server: {max_message_size: 64KiB}\nlimits: {max_queue: 256KiB}" : "limits: {max_queue: 64MiB}"
        try await withSecureGateway(limit) { gateway, manners in
            var slowly = manners
            slowly.receiveBuffer = 65536
            let slow = try await gateway.client("slow", manners: slowly)
            try await slow.subscribe("chat")
            try await slow.pauseReading()
            let publisher = try await gateway.client("publisher", manners: manners)
            for _ in 0..<300 { try await publisher.publishAcknowledged("chat", text) }
            try await slow.resumeReading()
            guard isBeyond else {
                for _ in 0..<300 { try await slow.expectMessage("chat", text) }
                return
            }
            while true {
                let received = try await slow.nextButPings()
                if case .text = received { continue }
                #expect(received == .close(code: 1008, reason: "slow_consumer"))
                return
            }
        }
    }

    // Promise: slow.total
    @Test func `over the sum of all queues only the worst goes, over TLS too`() async throws {
        try await withSecureGateway("\(ticking)\nlimits: {max_queue: 64MiB, max_total_queue: 12MiB}") { gateway, manners in
            var clients: [TestClient] = []
            for topic in ["a", "b"] {
                let client = try await gateway.client(manners: manners)
                try await client.subscribe(topic)
                try await client.pauseReading()
                clients.append(client)
            }
            let publisher = try await gateway.client("publisher", manners: manners)
            for (topic, count) in [("a", 160), ("b", 500)] {
                for _ in 0..<count { try await publisher.publishAcknowledged(topic, text) }
            }
            try await eventually("the worst is sent away") { gateway.log.text.contains("reason=slow_consumer") }
            for _ in 0..<6 { try await gateway.expectTick(publisher) }
            try await clients[0].resumeReading()
            for _ in 0..<160 { try await clients[0].expectMessage("a") }
            try await clients[0].expectNothingElse()
        }
    }

    // Promise: shutdown.queues
    @Test func `what is queued for a slow client is written over TLS before a drain closes it`() async throws {
        try await withSecureGateway("server: {ping_interval: 12h, ping_timeout: 24h, drain: {duration: 0s}}\nlimits: {max_queue: 64MiB}") {
            gateway, manners in
            let slow = try await gateway.client("slow", manners: manners)
            try await slow.subscribe("chat")
            try await slow.pauseReading()
            let publisher = try await gateway.client("publisher", manners: manners)
            for _ in 0..<200 { try await publisher.publishAcknowledged("chat", text) }
            async let drained: Void = gateway.drain()
            try await slow.resumeReading()
            for _ in 0..<200 { try await slow.expectMessage("chat", text) }
            try await slow.expectError(503, "draining")
            try await slow.expectClose(1001, "draining")
            await gateway.stop()
            await drained
        }
    }
}
