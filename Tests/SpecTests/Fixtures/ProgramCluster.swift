import Foundation
import GatewayTestKit

/// The real program several times with the committed configuration, at one Redis: what differs is what the environment says.
struct ProgramCluster: Sendable {
    /// As fast as a test wants to publish, and to hear that Redis is away and back.
    static let quick = [
        "modules.rate_limit.rate=1000000/s", "modules.rate_limit.burst=1000000", "modules.redis.probe_interval=50ms",
        "modules.redis.probe_timeout=3s",
    ]
    /// What all nodes sign tokens with.
    static let secret = "a secret for tests alone, long enough for every kind of HMAC: 64 bytes or more"

    let gateways: [GatewayProcess]

    /// Starts gateways, runs `body`, and ends them.
    ///
    /// - Parameters:
    ///   - count: How many.
    ///   - redis: Their Redis; it need not run.
    ///   - settings: What else is set, as `--set` takes it.
    ///   - users: Who can log in at the first of them, with the password `a password of theirs`.
    ///   - body: The test.
    /// - Throws: What `body` throws; ``Unmet`` where a gateway does not start, or does not end in order.
    static func with(
        _ count: Int, _ redis: RedisServer, _ settings: [String] = [], users: [String] = [], _ body: (ProgramCluster) async throws -> Void
    ) async throws {
        let environment = [
            "PUBSUB_ADAPTER": "redis", "PUBSUB_REDIS_URL": redis.url, "JWT_SECRET": secret, "WEBSOCKET_HOST": "127.0.0.1",
            "WEBSOCKET_PORT": "0",
        ]
        let arguments = (["admin.port=0", "server.drain.duration=0s"] + settings).flatMap { ["--set", $0] }
        let folders = try (0..<count).map { _ in try copyOfConfiguration() }
        defer { for folder in folders { try? FileManager.default.removeItem(at: folder.deletingLastPathComponent()) } }
        for user in users { try await add(user, folders[0], environment) }
        var gateways: [GatewayProcess] = []
        for folder in folders {
            gateways.append(try await GatewayProcess(configuration: folder, environment: environment, arguments: arguments))
        }
        try await body(ProgramCluster(gateways: gateways))
        for gateway in gateways { gateway.program.terminate() }
        for gateway in gateways {
            guard try await gateway.program.exitCode() == 0 else {
                throw Unmet(what: "a gateway that ends in order: \(gateway.program.text)")
            }
        }
    }

    private static func add(_ user: String, _ configuration: URL, _ environment: [String: String]) async throws {
        let gateway = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent().appending(path: "gateway").path
        let command = "exec '\(gateway)' user add '\(user)' -c '\(configuration.path)' <<< 'a password of theirs'"
        let program = try Program("bash", ["-c", command], from: "a shell", environment: environment)
        guard try await program.exitCode() == 0 else { throw Unmet(what: "a new user: \(program.text)") }
    }

    /// How often messages have begun to flow, on each node: what its log says.
    var recoveries: [Int] { gateways.map { $0.program.text.ranges(of: "messages flow through").count } }

    /// How often they have ceased to.
    var outages: [Int] { gateways.map { $0.program.text.ranges(of: "may be refused until it works again").count } }

    /// A client of a node, whose token all nodes take.
    func client(_ node: Int, _ user: String = "alice") async throws -> TestClient {
        let client = try await TestClient.connect(port: gateways[node].port)
        let now = Double(Int(Date().timeIntervalSince1970))
        try await client.authenticate(
            try await signed(["sub": .string(user), "iat": .number(now), "exp": .number(now + 3600)], secret: Self.secret))
        return client
    }

    /// Waits until every node answers `/readyz` with the status; gives the last answers.
    @discardableResult
    func expectReadiness(_ status: Int) async throws -> [TestResponse] {
        var answers: [TestResponse] = []
        for gateway in gateways {
            let client = try await TestClient.open(port: gateway.port)
            var answer: TestResponse?
            try await eventually("/readyz is \(status)") {
                answer = try await client.request("GET", "/readyz")
                return answer?.status == status
            }
            if let answer { answers.append(answer) }
            await client.drop()
        }
        return answers
    }
}
