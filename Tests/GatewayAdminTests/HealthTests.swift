import GatewayKit
import GatewayTestKit
import Synchronization
import Testing

struct HealthTests {
    @Test(arguments: [1, 2, 4]) func `a gateway whose messages come back is ready`(loops: Int) async throws {
        try await withAdmin(loops: loops) { _, admin in
            for _ in 0..<3 {
                let answer = try await admin.call(.get, "/readyz")
                #expect(answer.status == 200)
                #expect(answer.data == ["status": "ready"])
            }
            // The probe is no message of anybody.
            #expect(try await admin.metric("gateway_messages_published_total") == 0)
        }
    }

    @Test func `a subscriber to everything never sees the probe`() async throws {
        try await withAdmin { gateway, admin in
            let client = try await gateway.client("alice")
            try await client.subscribe("**")
            for _ in 0..<3 {
                #expect(try await admin.call(.get, "/readyz").status == 200)
                gateway.advance(by: .seconds(2))
            }
            try await client.expectNothingElse()
        }
    }

    @Test func `an adapter that loses messages is not ready`() async throws {
        try await withAdmin("modules: {loopback: {loses_messages: true}}") { _, admin in
            let answers = try await [admin.call(.get, "/readyz"), admin.call(.get, "/readyz")]
            #expect(answers.map(\.status) == [503, 503])
            #expect(answers[0].details?["reason"] == "broker_unavailable")
            #expect(try await admin.metric("gateway_adapter_up") == 0)
            #expect(try await admin.call(.get, "/livez").status == 200)
        }
    }

    @Test func `an adapter that is down says why`() async throws {
        try await withAdmin("modules: {loopback: {fault: no route to the broker}}") { _, admin in
            let answer = try await admin.call(.get, "/readyz")
            #expect(answer.status == 503)
            #expect(answer.json["error"]?["message"]?.string?.contains("no route to the broker") == true)
        }
    }

    @Test func `an adapter that goes down and comes back takes readiness and the metric with it`() async throws {
        try await withAdmin("modules: {loopback: {label: flapping}}") { gateway, admin in
            for fault in [nil, "the broker is away", nil, "it is away again", nil] {
                Loopback.faults.withLock { $0["flapping"] = fault }
                let answer = try await admin.call(.get, "/readyz")
                #expect(answer.status == (fault == nil ? 200 : 503))
                if let fault { #expect(answer.json["error"]?["message"]?.string?.hasSuffix(fault) == true) }
                #expect(try await admin.metric("gateway_adapter_up") == (fault == nil ? 1 : 0))
                gateway.advance(by: .seconds(2))
            }
        }
    }

    @Test func `a gateway that goes down is alive and not ready`() async throws {
        try await withAdmin { gateway, admin in
            _ = try await gateway.client("alice")
            let drained = Task { await gateway.drain() }
            try await eventually("it drains") { try await admin.call(.get, "/readyz").status == 503 }
            #expect(try await admin.call(.get, "/readyz").details?["reason"] == "draining")
            #expect(try await admin.call(.get, "/livez").data == ["status": "live"])
            await gateway.stop()
            await drained.value
            #expect(try await admin.call(.get, "/livez").status == 200)
            #expect(try await admin.call(.get, "/readyz").status == 503)
            #expect(try await admin.call(.get, "/metrics").status == 503)
            #expect(try await admin.call(.get, "/admin/v1/connections").status == 503)
        }
    }
}
