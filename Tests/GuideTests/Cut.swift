import GatewayKit
import GatewayTestKit

/// How a connection may end without a word of its client.
enum Cut: CaseIterable {
    case reset, dropped, revoked, misbehaving, slow

    /// Ends a user's connection; another client publishes what it takes for that.
    func end(_ client: TestClient, _ user: String, _ other: TestClient, _ gateway: TestGateway) async throws {
        switch self {
        case .reset: await client.reset()
        case .dropped: await client.drop()
        case .revoked: try await gateway.revoke(Revocation(.user(user, issuedUntil: gateway.clock.timestamp), expiresAt: nil))
        case .misbehaving: for _ in 0..<20 { client.send("no JSON") }
        case .slow:
            try await client.subscribe("flood")
            try await client.pauseReading()
            // More than the queue and the kernel's buffers of both ends hold.
            for _ in 0..<24 { other.publish("flood", .string(String(repeating: "x", count: 1_000_000))) }
        }
    }
}
