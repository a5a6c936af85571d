import GatewayTestKit
import Testing

/// Modules that only watch, and limits that do not close.
struct ObserveSpec {
    // Promise: observe.nothing_refused
    @Test(arguments: eventLoops) func `what is observed refuses nothing and says what it would have refused`(loops: Int) async throws {
        let settings = """
            modules:
              ip_cap: {max_connections: 1, mode: observe}
              origin: {allow: [], mode: observe}
              size_limit: {max_message: 64B, mode: observe}
              rate_limit: {rate: 1/s, burst: 1, mode: observe}
              authorization: {rules: [], mode: observe}
            """
        try await withGateway(settings, loops: loops) { gateway in
            let first = try await gateway.connect(headers: [("Origin", "https://evil.example")])
            try await first.authenticate(try await gateway.token())
            try await first.subscribe("chat")
            let second = try await gateway.client("bob")
            for _ in 0..<3 { try await second.publishAcknowledged("chat", .string(String(repeating: "x", count: 200))) }
            for _ in 0..<3 { try await first.expectMessage("chat") }
            for module in ["ip_cap", "origin", "size_limit", "rate_limit", "authorization"] {
                #expect(gateway.log.lines.contains { $0.fields["module"] == module }, "\(module) would have refused")
            }
        }
    }

    // Promise: observe.nothing_refused
    @Test(arguments: ["waiting", "waiting_frames"]) func `nor does a module that is observed and fails`(module: String) async throws {
        let gate = Gate.named("observe-\(module)")
        let settings = "pipeline: {route: [\(module)]}\nmodules: {\(module): {gate: observe-\(module), mode: observe, later_timeout: 60s}}"
        try await withGateway(settings, ticking) { gateway in
            let (client, witness) = (try await gateway.client(), try await gateway.client())
            for number in 1...2 {
                client.send(["type": "subscribe", "topic": "wait.hold"])
                try await eventually("the module is asked") { gate.arrived == number }
                if number == 1 { gate.fail(Unmet(what: "a verdict")) } else { gateway.advance(by: .seconds(61)) }
                try await gateway.expectTick(witness)
                try await client.expect("subscribed")
            }
            #expect(gateway.log.lines.contains { $0.fields["module"] == module && $0.message == "would refuse" })
        }
    }

    // Promise: observe.nothing_refused
    @Test func `nor one that looks at whole messages`() async throws {
        let settings = "pipeline: {route: [waiting_frames]}\nmodules: {waiting_frames: {answer: refuse, waits: false, mode: observe}}"
        try await withGateway(settings) { gateway in
            let client = try await gateway.client()
            try await client.subscribe("hold")
            #expect(gateway.log.lines.contains { $0.fields["module"] == "waiting_frames" && $0.message == "would refuse" })
        }
    }

    // Promise: observe.soft_size
    @Test(arguments: eventLoops) func `over a soft size limit the message is a 413 and the connection stays`(loops: Int) async throws {
        let settings = "modules: {size_limit: {max_message: 4KiB, topics: [{match: \"files.**\", max_message: 16KiB}]}}"
        try await withGateway(settings, loops: loops) { gateway in
            let client = try await gateway.client()
            let text = JSON.string(String(repeating: "x", count: 8_000))
            client.publish("chat", text)
            try await client.expectError(413, "message_too_big")
            try await client.publishAcknowledged("files.a", text)
            client.publish("files.a", .string(String(repeating: "x", count: 17_000)))
            try await client.expectError(413, "message_too_big")
            try await client.expectNothingElse()
        }
    }
}
