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
