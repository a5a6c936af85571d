import GatewayTestKit
import Testing

/// Closing is never abrupt: what the gateway says last arrives, however much it has not read.
struct LingeringCloseSpec {
    // Promise: lingering.too_big
    @Test(arguments: eventLoops) func `the 413 and the 1009 arrive although the client goes on sending`(loops: Int) async throws {
        try await withGateway(unlimited, loops: loops) { gateway in
            try await concurrently(0..<40, width: 4) { _ in
                let client = try await gateway.client()
                client.send(frame: TestFrame(opcode: 1, payload: Array(repeating: 0x20, count: 3_000_000)))
                try await client.expectError(413, "message_too_big")
                try await client.expectClose(1009, "message_too_big")
            }
        }
    }

    // Promise: lingering.refusal
    @Test(arguments: eventLoops) func `a refusal arrives although the client goes on sending`(loops: Int) async throws {
        try await withGateway(unlimited, "modules: {origin: {allow: []}}", loops: loops) { gateway in
            try await concurrently(0..<40, width: 4) { _ in
                let client = try await gateway.open()
                client.requestUpgrade(headers: [("Origin", "https://evil.example")])
                client.sendRaw(Array(repeating: 0x41, count: 1_000_000))
                #expect(try await client.response().status == 403)
                try await client.expectEnd()
            }
        }
    }

    // Promise: lingering.head
    @Test func `the 431 arrives although the head goes on`() async throws {
        try await withGateway(unlimited) { gateway in
            try await concurrently(0..<40, width: 4) { _ in
                let client = try await gateway.open()
                client.sendRaw("GET /ws HTTP/1.1\r\nX-Long: \(String(repeating: "x", count: 1_000_000))")
                #expect(try await client.response().status == 431)
                try await client.expectEnd()
            }
        }
    }

    // Promise: lingering.queue
    @Test(arguments: eventLoops) func `what is queued arrives before the close`(loops: Int) async throws {
        try await withGateway(unlimited, "auth: {max_attempts: 1}", loops: loops) { gateway in
            let client = try await gateway.client()
            try await client.subscribe("chat")
            let text = String(repeating: "x", count: 100_000)
            for _ in 0..<20 { client.publish("chat", .string(text)) }
            client.send(["type": "auth", "token": "nonsense"])
            for _ in 0..<20 { try await client.expectMessage("chat", .string(text)) }
            try await client.expect("auth_error")
            try await client.expectClose(1008, "too_many_attempts")
        }
    }

    // Promise: lingering.close_timeout
    @Test func `a client that never answers a close is dropped after five seconds`() async throws {
        try await withGateway(ticking) { gateway in
            var manners = TestClient.Manners()
            (manners.answersCloses, manners.closesAtEnd) = (false, false)
            let (client, witness) = (try await gateway.client(manners: manners), try await gateway.client())
            client.sendBinary([1])
            guard case .close(1003, _) = try await client.next() else { throw Unmet(what: "a close frame") }
            try await eventually("it keeps no place") { gateway.connectionCount == 1 }
            gateway.advance(by: .milliseconds(4_800))
            try await gateway.expectTick(witness)
            #expect(gateway.socketCount == 2, "the peer has five seconds for its close frame")
            gateway.advance(by: .milliseconds(100))
            // Its own end is closed then; what it may still say is read for a second.
            try await client.expectEnd()
            #expect(gateway.socketCount == 2)
            try await gateway.expectTick(witness)
            gateway.advance(by: .milliseconds(1_000))
            try await eventually("the socket is closed") { gateway.socketCount == 1 }
        }
    }

    // Promise: lingering.flood
    @Test func `a client that never stops sending is dropped all the same`() async throws {
        try await withGateway { gateway in
            var manners = TestClient.Manners()
            (manners.answersCloses, manners.closesAtEnd) = (false, false)
            let client = try await gateway.client(manners: manners)
            client.sendBinary([1])
            guard case .close(1003, _) = try await client.next() else { throw Unmet(what: "a close frame") }
            let block = [UInt8](repeating: 0, count: 1 << 20)
            // No time passes by the gateway's clock, so only the count of bytes can end it: 16 MiB and what the kernel's buffers hold.
            for _ in 0..<64 where gateway.socketCount > 0 { try? await client.deliverRaw(block) }
            try await eventually("the socket is closed") { gateway.socketCount == 0 }
            await client.drop()
        }
    }
}
