import CoreMetrics
import GatewayKit
import GatewayTestKit
import NIOCore
import Testing

/// What `/metrics` tells adds up to what was done.
struct MetricsTests {
    /// The names of names.md whose feature is there.
    private static let names = [
        "gateway_connections", "gateway_connections_total", "gateway_handshakes_refused_total", "gateway_auth_total",
        "gateway_messages_published_total", "gateway_messages_delivered_total", "gateway_messages_dropped_total",
        "gateway_refused_total", "gateway_subscriptions", "gateway_bytes_received_total", "gateway_bytes_sent_total",
        "gateway_queue_bytes", "gateway_writes_total", "gateway_stage_seconds", "gateway_closed_total", "gateway_adapter_up",
        "gateway_event_loop_lag_seconds", "gateway_verdicts_failed_total", "gateway_breaker_open", "process_resident_memory_bytes",
        "process_cpu_seconds_total", "process_open_fds",
    ]

    @Test func `every name is there with help and type from the start`() async throws {
        try await withAdmin { _, admin in
            let answer = try await admin.call(.get, "/metrics")
            #expect(answer.contentType == "text/plain; version=0.0.4; charset=utf-8")
            for name in Self.names {
                #expect(answer.text.contains("# HELP \(name) "))
                #expect(answer.text.contains("# TYPE \(name) "))
            }
            for name in ["process_resident_memory_bytes", "process_cpu_seconds_total", "process_open_fds", "gateway_adapter_up"] {
                #expect(try #require(try await admin.metric(name)) > 0, "\(name)")
            }
        }
    }

    @Test(arguments: [1, 2, 4]) func `every message counts once published and once for each delivery`(loops: Int) async throws {
        try await withAdmin(loops: loops) { gateway, admin in
            var clients: [TestClient] = []
            for number in 0..<8 {
                let client = try await gateway.client("user\(number)")
                try await client.subscribe("a.b", "a.*")
                clients.append(client)
            }
            for round in 0..<50 {
                for client in clients { client.publish("a.b", .number(Double(round))) }
            }
            for client in clients {
                for _ in 0..<400 { try await client.expectMessage("a.b") }
            }
            clients[0].publish("nobody", 1)
            let message = Message(
                data: ByteBuffer(string: "1"), metadata: ByteBuffer(), eventType: ByteBuffer(string: "e"))
            try await gateway.publish(
                Event(
                    topic: try Topic("x"), otherTopics: [try Topic("a.b")], message: message,
                    sender: Sender(userID: nil, connection: nil)))
            for client in clients { try await client.expectMessage("a.b") }
            try await clients[0].expectNothingElse()
            #expect(try await admin.metric("gateway_messages_published_total") == 402)
            #expect(try await admin.metric("gateway_messages_delivered_total") == 3208)
            #expect(try await admin.metric("gateway_subscriptions") == 16)
            #expect(try await admin.metric("gateway_connections") == 8)
            #expect(try await admin.metric("gateway_connections_total") == 8)
            #expect(try await admin.metric("gateway_auth_total{result=\"accepted\"}") == 8)
        }
    }

    @Test(arguments: [1, 2]) func `bytes, writes and lag are counted`(loops: Int) async throws {
        try await withAdmin(loops: loops) { gateway, admin in
            let client = try await gateway.client("alice")
            let before = try #require(try await admin.metric("gateway_bytes_received_total"))
            // 6 of the header, 4 of the mask among them, and the text: under 126 bytes.
            let text = #"{"type":"ping","id":"counted"}"#
            client.send(text)
            let pong = try await client.text()
            #expect(try await admin.metric("gateway_bytes_received_total") == before + Double(6 + text.utf8.count))
            #expect(try #require(try await admin.metric("gateway_bytes_sent_total")) >= Double(2 + pong.utf8.count))
            #expect(try #require(try await admin.metric("gateway_writes_total")) >= 2)
            try await eventually("a tick was measured") { try await admin.metric("gateway_event_loop_lag_seconds_count") ?? 0 > 0 }
        }
    }

    @Test func `what is dropped and what is refused is counted by policy, module and reason`() async throws {
        try await withAdmin { gateway, admin in
            let client = try await gateway.client("alice")
            try await client.subscribe("dropped")
            for _ in 0..<3 { try await client.publishAcknowledged("dropped") }
            client.publish("refused.a")
            try await client.expectError(403, "refused.a")
            client.send("{")
            try await client.expectError(400, "invalid_json")
            client.send(["type": "auth", "token": "nonsense"])
            try await client.expect("auth_error")
            #expect(try await admin.metric("gateway_messages_dropped_total{policy=\"drop\"}") == 3)
            #expect(try await admin.metric("gateway_messages_dropped_total{policy=\"close\"}") == 0)
            #expect(try await admin.metric("gateway_messages_delivered_total") == 0)
            #expect(try await admin.metric("gateway_messages_published_total") == 3)
            #expect(try await admin.metric(#"gateway_refused_total{module="picky",reason="refused.a",mode="enforce"}"#) == 1)
            #expect(try await admin.metric(#"gateway_refused_total{module="core",reason="invalid_json",mode="enforce"}"#) == 1)
            #expect(try await admin.metric("gateway_auth_total{result=\"malformed\"}") == 1)
        }
    }

    @Test func `a message that is too much for its receiver counts as closing it`() async throws {
        try await withAdmin { gateway, admin in
            let client = try await gateway.client("alice")
            try await client.subscribe("slow")
            try await gateway.client("bob").publishAcknowledged("slow")
            try await client.expectError(503, "slow_consumer")
            try await client.expectClose(1008, "slow_consumer")
            #expect(try await admin.metric("gateway_messages_dropped_total{policy=\"close\"}") == 1)
            #expect(try await admin.metric("gateway_messages_delivered_total") == 0)
            #expect(try await admin.metric(#"gateway_closed_total{code="1008",reason="slow_consumer"}"#) == 1)
        }
    }

    @Test func `what is only observed counts as that`() async throws {
        try await withAdmin("modules: {picky: {mode: observe}}") { gateway, admin in
            let client = try await gateway.client("alice")
            try await client.publishAcknowledged("refused.a")
            #expect(try await admin.metric(#"gateway_refused_total{module="picky",reason="refused.a",mode="observe"}"#) == 1)
            #expect(try await admin.metric(#"gateway_refused_total{module="picky",reason="refused.a",mode="enforce"}"#) == nil)
        }
    }

    @Test func `a handshake that is refused counts for its module`() async throws {
        try await withAdmin("server: {max_connections: 1}") { gateway, admin in
            let first = try await gateway.connect()
            let second = try await gateway.open()
            second.requestUpgrade()
            #expect(try await second.response().status == 503)
            #expect(try await admin.metric(#"gateway_handshakes_refused_total{module="core",reason="server_full"}"#) == 1)
            #expect(try await admin.metric(#"gateway_refused_total{module="core",reason="server_full",mode="enforce"}"#) == 1)
            try await first.expectNothingElse()
        }
    }

    @Test(arguments: [1, 2]) func `every connection that was opened is open or has closed for a reason`(loops: Int) async throws {
        try await withAdmin(loops: loops) { gateway, admin in
            try await gateway.client("a").close(1000)
            try await gateway.client("b").close(4321)
            try await gateway.client("c").drop()
            let binary = try await gateway.client("d")
            binary.sendBinary([1])
            try await binary.expectClose(1003)
            _ = try await gateway.client("e")
            try await eventually("four have gone") { try await admin.metric("gateway_connections") == 1 }
            #expect(try await admin.metric("gateway_connections_total") == 5)
            for labels in [
                #"code="1000",reason="client_closed""#, #"code="other",reason="client_closed""#, #"code="1006",reason="connection_lost""#,
                #"code="1003",reason="unsupported_data""#,
            ] {
                #expect(try await admin.metric("gateway_closed_total{\(labels)}") == 1, "\(labels)")
            }
        }
    }

    @Test func `the number of series is bounded, whatever topics, users and reasons there are`() async throws {
        try await withAdmin { gateway, admin in
            for user in 0..<20 {
                let client = try await gateway.client("user\(user)")
                try await client.subscribe("topic.\(user)")
                for topic in 0..<100 { client.publish("refused.\(user).\(topic)") }
                for topic in 0..<100 { try await client.expectError(403, "refused.\(user).\(topic)") }
                try await client.close()
            }
            let text = try await admin.call(.get, "/metrics").text
            #expect(!text.contains("user1") && !text.contains("topic.1") && !text.contains("127.0.0.1"))
            let refused = text.split(separator: "\n").filter { $0.hasPrefix("gateway_refused_total{") }
            #expect(refused.count <= 1001)
            #expect(refused.compactMap { $0.split(separator: " ").last.flatMap { Double($0) } }.reduce(0, +) == 2000)
        }
    }

    @Test func `what a plugin counts stands beside`() async throws {
        try await withAdmin { _, admin in
            Counter(label: "orders", factory: admin.registry).increment(by: 5)
            let orders = try await admin.metric("orders_total")
            #expect(orders == 5)
        }
    }
}
