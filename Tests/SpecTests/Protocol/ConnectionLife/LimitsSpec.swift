import GatewayTestKit
import Testing

/// The rows of the connection's life about silence, size and unfinished messages.
struct LimitsSpec {
    // Promise: limits.idle
    @Test(arguments: eventLoops) func `sixty seconds of silence are a 408 and close 1001`(loops: Int) async throws {
        try await withGateway(loops: loops) { gateway in
            let client = try await gateway.client(manners: silent)
            gateway.advance(by: .milliseconds(60_100))
            try await client.expectError(408, "idle_timeout")
            try await client.expectClose(1001, "idle_timeout")
        }
    }

    // Promise: limits.any_frame_is_life
    @Test(arguments: [
        TestFrame(opcode: 9), TestFrame(opcode: 10), .text(#"{"type":"nothing known"}"#), TestFrame(opcode: 1, isFinal: false),
    ])
    func `any frame is life`(frame: TestFrame) async throws {
        try await withGateway("limits: {message_timeout: 1h}") { gateway in
            let client = try await gateway.client(manners: silent)
            gateway.advance(by: .seconds(50))
            client.send(frame: frame)
            // The answer to this ping says that the frame has been read.
            client.send(frame: TestFrame(opcode: 9, payload: [1]))
            while try await client.next() != .pong([1]) {}
            gateway.advance(by: .seconds(50))
            client.send(frame: TestFrame(opcode: 9, payload: [2]))
            while try await client.next() != .pong([2]) {}
        }
    }

    // Promise: limits.ping_interval
    @Test(arguments: eventLoops) func `the gateway pings every thirty seconds`(loops: Int) async throws {
        try await withGateway(loops: loops) { gateway in
            let client = try await gateway.client()
            gateway.advance(by: .milliseconds(29_900))
            client.send(["type": "ping"])
            guard case .text = try await client.next() else { throw Unmet(what: "a pong and no ping yet") }
            for _ in 0..<3 {
                gateway.advance(by: .milliseconds(30_100))
                guard case .ping = try await client.next() else { throw Unmet(what: "a ping from the gateway") }
            }
        }
    }

    // Promise: limits.idle_paused
    @Test func `while the gateway itself does not read, the idle clock stands still`() async throws {
        let gate = Gate.named("idle-paused")
        try await withGateway(
            "pipeline: {route: [waiting]}\nmodules: {waiting: {gate: idle-paused, later_timeout: 60s}}",
            "server: {ping_interval: 100ms, ping_timeout: 20s}"
        ) { gateway in
            let client = try await gateway.client(manners: silent)
            client.send(["type": "subscribe", "topic": "wait"])
            try await eventually("the module is asked") { gate.arrived == 1 }
            for _ in 0..<3 {
                gateway.advance(by: .seconds(10))
                // A client that came meanwhile sees that the deadlines have been compared.
                try await gateway.expectTick(try await gateway.client())
            }
            gate.open()
            try await client.expect("subscribed")
        }
    }

    // Promise: limits.size_from_header
    @Test(arguments: eventLoops) func `a message over the hard limit is refused by its header alone`(loops: Int) async throws {
        try await withGateway(loops: loops) { gateway in
            let client = try await gateway.client()
            client.send(frame: TestFrame(opcode: 1, declaredLength: 1_048_577))
            try await client.expectError(413, "message_too_big")
            try await client.expectClose(1009, "message_too_big")
        }
    }

    // Promise: limits.size_huge
    @Test(arguments: [UInt64.max, 1 << 63, 1 << 62, 1 << 32]) func `a length beyond all measure ends the connection alone`(length: UInt64)
        async throws
    {
        try await withGateway { gateway in
            let client = try await gateway.client()
            client.send(frame: TestFrame(opcode: 2, declaredLength: length))
            // RFC 6455, 5.2 forbids the highest bit, which makes it a protocol error; all others are only too big.
            if length >> 63 == 0 { try await client.expectError(413, "message_too_big") }
            try await client.expectClose(length >> 63 == 0 ? 1009 : 1002)
            _ = try await gateway.client()
        }
    }

    // Promise: limits.size_fragments
    @Test(arguments: eventLoops) func `fragments count together`(loops: Int) async throws {
        try await withGateway(loops: loops) { gateway in
            let client = try await gateway.client()
            let half = String(repeating: "x", count: 600_000)
            client.send(frame: .text(half, isFinal: false))
            client.send(frame: .continuation(half))
            try await client.expectError(413, "message_too_big")
            try await client.expectClose(1009)
        }
    }

    // Promise: limits.fragment_count
    @Test(arguments: [(1_000, true), (1_001, false)]) func `a message has at most a thousand fragments`(row: (count: Int, passes: Bool))
        async throws
    {
        try await withGateway { gateway in
            let client = try await gateway.client()
            let text = #"{"type":"ping"}"# + String(repeating: " ", count: 1_100)
            client.send(frame: .text(String(text.prefix(100)), isFinal: false))
            for _ in 0..<(row.count - 2) { client.send(frame: .continuation(" ", isFinal: false)) }
            client.send(frame: .continuation(" "))
            if row.passes {
                try await client.expect("pong")
                return try await client.expectNothingElse()
            }
            try await client.expectError(413, "message_too_big")
            try await client.expectClose(1009)
        }
    }

    // Promise: limits.size_before_auth
    @Test(arguments: [(16_384, true), (16_385, false)]) func `before auth a message has at most sixteen kibibytes`(
        row: (size: Int, passes: Bool)
    ) async throws {
        try await withGateway { gateway in
            let client = try await gateway.connect()
            client.send(#"{"type":"ping"}"# + String(repeating: " ", count: row.size - 15))
            if row.passes {
                try await client.expect("pong")
                return
            }
            try await client.expectError(413, "message_too_big")
            try await client.expectClose(1009)
        }
    }

    // Promise: limits.size_before_auth
    @Test(arguments: eventLoops) func `what follows auth in the same segment has the limit of after auth`(loops: Int) async throws {
        try await withGateway(loops: loops) { gateway in
            let client = try await gateway.connect()
            let auth = TestFrame.text(#"{"type":"auth","token":"\#(try await gateway.token())"}"#)
            let large = TestFrame.text(#"{"type":"ping"}"# + String(repeating: " ", count: 20_000))
            client.sendRaw(auth.bytes + large.bytes)
            try await client.expect("auth_success")
            try await client.expect("pong")
        }
    }

    // Promise: limits.message_timeout
    @Test(arguments: eventLoops, [1, 5, 20]) func `a message that is begun has thirty seconds`(loops: Int, bytes: Int) async throws {
        try await withGateway("server: {ping_interval: 12h, ping_timeout: 24h}", loops: loops) { gateway in
            let client = try await gateway.client()
            try await client.deliverRaw(Array(TestFrame.text(#"{"type":"ping","id":"a long one"}"#).bytes.prefix(bytes)))
            let frame = try await gateway.advancing(by: .seconds(31)) { try await client.expectError(408, "message_timeout") }
            #expect(frame["code"] == 408)
            try await client.expectClose(1008, "message_timeout")
        }
    }

    // Promise: limits.message_timeout
    @Test func `each message has its thirty seconds, though reads never end between two of them`() async throws {
        try await withGateway(ticking) { gateway in
            // A pong would stand in the middle of the message.
            let (client, witness) = (try await gateway.client(manners: silent), try await gateway.client())
            let ping = TestFrame.text(#"{"type":"ping"}"#).bytes
            try await client.deliverRaw(Array(ping.prefix(9)))
            for _ in 0..<6 {
                try await client.deliverRaw(Array(ping.dropFirst(9) + ping.prefix(9)))
                try await client.expect("pong")
                gateway.advance(by: .seconds(10))
                try await gateway.expectTick(witness)
            }
            try await client.deliverRaw(Array(ping.dropFirst(9)))
            try await client.expect("pong")
        }
    }

    // Promise: limits.message_timeout
    @Test func `while the gateway itself does not read, no message is late`() async throws {
        let gate = Gate.named("message-paused")
        let settings = "pipeline: {route: [waiting]}\nmodules: {waiting: {gate: message-paused, later_timeout: 60s}}"
        try await withGateway(settings, ticking) { gateway in
            // A pong would stand in the middle of the message.
            let (client, witness) = (try await gateway.client(manners: silent), try await gateway.client())
            let ping = TestFrame.text(#"{"type":"ping"}"#).bytes
            client.sendRaw(TestFrame.text(#"{"type":"subscribe","topic":"wait"}"#).bytes + ping.prefix(9))
            try await eventually("the module is asked") { gate.arrived == 1 }
            gateway.advance(by: .seconds(50))
            try await gateway.expectTick(witness)
            gate.open()
            try await client.expect("subscribed")
            client.sendRaw(Array(ping.dropFirst(9)))
            try await client.expect("pong")
        }
    }

    // Promise: limits.total_inbound
    @Test(arguments: eventLoops) func `where all unfinished messages are too much, the largest goes`(loops: Int) async throws {
        try await withGateway("limits: {max_total_inbound: 1MiB}", loops: loops) { gateway in
            let (small, large) = (try await gateway.client("small"), try await gateway.client("large"))
            let frame = TestFrame(opcode: 1, payload: Array(repeating: 0x20, count: 1_000_000)).bytes
            try await small.deliverRaw(Array(frame.prefix(300_000)))
            try await large.deliverRaw(Array(frame.prefix(900_000)))
            try await large.expectError(503, "overloaded")
            try await large.expectClose(1008, "overloaded")
            small.sendRaw(Array(frame.dropFirst(300_000)))
            try await small.expectError(400, "invalid_json")
        }
    }

    private var silent: TestClient.Manners {
        var manners = TestClient.Manners()
        manners.answersPings = false
        return manners
    }
}
