import Foundation
import GatewayMain
import GatewayTestKit
import Logging
import Testing

/// What the gateway writes down, and what it never does.
struct LogsSpec {
    // Promise: logs.closed
    @Test(arguments: eventLoops) func `each closed connection has one line with its reason`(loops: Int) async throws {
        try await withGateway(loops: loops) { gateway in
            let client = try await gateway.client("alice")
            client.sendBinary([1])
            try await client.expectClose(1003, "unsupported_data")
            try await gateway.client("bob").close()
            try await eventually("both have gone") { gateway.connectionCount == 0 }
            let lines = gateway.log.lines.filter { $0.level == "info" && $0.fields["reason"] != nil && $0.fields["connection"] != nil }
            #expect(lines.count == 2)
            #expect(lines.contains { $0.fields["reason"] == "unsupported_data" && $0.fields["user"] == "alice" })
        }
    }

    // Promise: logs.refusals
    @Test(arguments: eventLoops) func `refusals make at most one line a second for each module and reason`(loops: Int) async throws {
        try await withGateway("modules: {authorization: {rules: []}}", "limits: {max_strikes: 1000}", loops: loops) { gateway in
            let client = try await gateway.client()
            for _ in 0..<90 { client.publish("a") }
            for _ in 0..<90 { try await client.expectError(403, "forbidden") }
            gateway.advance(by: .seconds(2))
            client.publish("a")
            try await client.expectError(403, "forbidden")
            try await eventually("the line is written") { !refusals(gateway).isEmpty }
            #expect(refusals(gateway).count <= 3)
        }
    }

    private func refusals(_ gateway: TestGateway) -> [RecordedLog.Line] {
        gateway.log.lines.filter { $0.level == "info" && $0.fields["module"] == "authorization" && $0.fields["reason"] == "forbidden" }
    }

    // Promise: logs.debug
    @Test func `so has every token that was rejected, and what the core itself refused`() async throws {
        try await withGateway("limits: {max_subscriptions: 1}") { gateway in
            let client = try await gateway.connect()
            client.send(["type": "subscribe", "topic": "a"])
            try await client.expectError(401, "not_authenticated")
            client.send(["type": "auth", "token": "nonsense"])
            try await client.expect("auth_error")
            try await client.authenticate(try await gateway.token())
            try await client.subscribe("a")
            client.send(["type": "subscribe", "topic": "b"])
            try await client.expectError(403, "subscription_limit")
            client.send("{")
            try await client.expectError(400, "invalid_json")
            let refused = gateway.log.lines.filter { $0.message == "refused" && $0.fields["count"] == nil }.map {
                "\($0.fields["module"] ?? "")/\($0.fields["reason"] ?? "")"
            }
            #expect(refused == ["core/not_authenticated", "jwt/malformed", "core/subscription_limit", "core/invalid_json"])
        }
    }

    // Promise: logs.debug
    @Test func `on debug every refusal has its line`() async throws {
        try await withGateway("modules: {authorization: {rules: []}}") { gateway in
            let client = try await gateway.client()
            for _ in 0..<7 { client.publish("a") }
            for _ in 0..<7 { try await client.expectError(403, "forbidden") }
            #expect(gateway.log.lines.filter { $0.level == "debug" && $0.fields["reason"] == "forbidden" }.count == 7)
        }
    }

    // Promise: logs.secrets
    @Test(arguments: eventLoops) func `no token, payload or e-mail is ever logged`(loops: Int) async throws {
        try await withGateway(loops: loops) { gateway in
            let token = try await gateway.token("alice", ["email": "alice@mail.example"])
            let client = try await gateway.connect(path: "/ws?token=\(token)")
            client.send(["type": "auth", "token": .string(token + "x")])
            try await client.expect("auth_error")
            try await client.authenticate(token)
            client.send(["type": "message", "topic": "a", "data": "the payload", "metadata": ["note": "the payload"]])
            client.send(#"{"the payload": "the payload", "#)
            try await client.expectError(400, "invalid_json")
            client.sendBinary(Array("the payload".utf8))
            try await client.expectClose(1003)
            try await eventually("it has gone") { gateway.connectionCount == 0 }
            for secret in [token, String(token.suffix(20)), "alice@mail.example", "the payload", TestConfiguration.secret] {
                #expect(!gateway.log.text.contains(secret))
            }
        }
    }

    // Promise: logs.escaped
    @Test func `text from outside is escaped`() async throws {
        try await withGateway("modules: {origin: {allow: []}}") { gateway in
            let client = try await gateway.client("eve\nlistening on http://evil\u{1B}[2J")
            try await client.close()
            _ = try await gateway.upgrade([("Origin", "https://evil\u{1B}[2J")])
            try await eventually("it has gone") { gateway.connectionCount == 0 }
            for line in gateway.log.lines {
                for style in [LogStyle.text(hasColor: false), .json] {
                    let fields = line.fields.mapValues { Logger.MetadataValue.string($0) }
                    let text = style.line(level: .info, message: line.message, metadata: fields, at: Date())
                    #expect(!text.contains("\n") && !text.contains("\u{1B}"))
                }
            }
        }
    }
}
