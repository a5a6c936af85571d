import GatewayTestKit
import Testing

/// Health on the port of the endpoint.
struct HealthSpec {
    // Promise: health.live
    @Test(arguments: eventLoops) func `who runs says so, and that it is ready`(loops: Int) async throws {
        try await withGateway(loops: loops) { gateway in
            let client = try await gateway.open()
            #expect(try await client.request("GET", "/livez").status == 200)
            #expect(try await client.request("GET", "/readyz").status == 200)
        }
    }

    // Promise: health.draining, shutdown.readiness
    @Test func `during the grace readiness is a 503 and liveness is not`() async throws {
        try await withGateway("server: {drain: {grace: 60s, duration: 1s}}") { gateway in
            async let drained: Void = gateway.drain()
            try await eventually("readiness is off") { try await gateway.open().request("GET", "/readyz").status == 503 }
            let client = try await gateway.open()
            let response = try await client.request("GET", "/readyz")
            #expect(response.json["error"]?["details"]?["reason"] == "draining")
            #expect(try await gateway.open().request("GET", "/livez").status == 200)
            await gateway.stop()
            await drained
        }
    }
}
