import Foundation
import GatewayTestKit

/// Three real gateways that one Redis makes one.
final class Cluster: Sendable {
    let redis: RedisServer
    let nodes: [GatewayProcess]
    private let folders: [URL]
    private static let secret = "a secret of the cluster's, long enough for HMAC"

    /// Starts Redis, then the gateways, and waits until messages flow.
    ///
    /// - Parameter settings: What is set beside what the committed configuration says.
    /// - Throws: What stops one of them from starting.
    init(_ settings: [String] = []) async throws {
        let server = try await RedisServer()
        redis = server
        let always = [
            "server.host=127.0.0.1", "server.port=0", "server.event_loops=2", "admin.enabled=false", "modules.rate_limit.rate=1000000/s",
            "modules.rate_limit.burst=1000000", "modules.redis.probe_interval=50ms", "modules.redis.probe_timeout=500ms",
        ]
        var (nodes, folders): ([GatewayProcess], [URL]) = ([], [])
        for _ in 0..<3 {
            let configuration = try copyOfConfiguration()
            folders.append(configuration.deletingLastPathComponent())
            nodes.append(
                try await GatewayProcess(
                    configuration: configuration,
                    environment: ["JWT_SECRET": Self.secret, "PUBSUB_ADAPTER": "redis", "PUBSUB_REDIS_URL": server.url],
                    arguments: (always + settings).flatMap { ["--set", $0] }))
        }
        (self.nodes, self.folders) = (nodes, folders)
        try await eventually("messages flow on every node") { self.recoveries.allSatisfy { $0 == 1 } }
    }

    deinit {
        for node in nodes { node.program.kill() }
        for folder in folders { try? FileManager.default.removeItem(at: folder) }
    }

    /// How often messages have begun to flow, on each node: what its log says.
    var recoveries: [Int] { nodes.map { $0.program.text.ranges(of: "messages flow through").count } }

    /// How often they have ceased to.
    var outages: [Int] { nodes.map { $0.program.text.ranges(of: "messages are refused until it works again").count } }

    /// A client of one node.
    func client(_ node: Int, _ user: String = "alice") async throws -> TestClient {
        let client = try await TestClient.connect(port: nodes[node].port)
        let now = Date().timeIntervalSince1970.rounded()
        try await client.authenticate(
            try await signed(["sub": .string(user), "iat": .number(now), "exp": .number(now + 3600)], secret: Self.secret))
        return client
    }
}
