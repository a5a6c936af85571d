import Glibc
import GatewayKit
import GatewayMain
import GatewayPlugins
import GatewayTestKit
import JWTKit

/// Every promise that a second event loop could break is tested with one, two and four.
let eventLoops = [1, 2, 4]

/// No ping and no idle timeout for a day of the test's clock.
let quiet = "server: {ping_interval: 12h, ping_timeout: 24h}"

/// A ping ten times a second of the test's clock, by which a test sees that deadlines have been compared: ``TestGateway/expectTick(_:)``.
let ticking = "server: {ping_interval: 100ms, ping_timeout: 24h}"

/// Rates that no test reaches.
let unlimited = """
    modules:
      rate_limit: {rate: 1000000/s, burst: 1000000}
      ip_cap: {max_connections: 100000, connect_rate: 100000/s, connect_burst: 100000}
    """

/// Both ends of every connection lie in this process: the soft limit of open files goes up to the hard one, once.
private let openFiles: Bool = {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return false }
    limit.rlim_cur = limit.rlim_max
    return setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0
}()

/// Runs `body` against a gateway with `layers` laid over the base.
func withGateway(
    _ layers: String..., over wire: Wire = .network, loops: Int = 1, modules: [any Module.Type] = [], environment: [String: String] = [:],
    _ body: (TestGateway) async throws -> Void
) async throws {
    _ = openFiles
    try await TestGateway.with(
        TestConfiguration(layers, eventLoops: loops), over: wire, modules: BuiltInModules.all + compiledPlugins + testModules + modules,
        environment: environment, body: body)
}

extension TestGateway {
    /// A token that the gateway takes, as its clock stands now.
    func token(
        _ user: String? = "alice", _ claims: [String: JSON] = [:], ttl: Duration = .seconds(3600), secret: String = TestConfiguration.secret
    ) async throws -> String {
        let now = clock.gatewayClock.timestamp
        var all: [String: JSON] = [
            "iat": .number(Double(now.milliseconds / 1000)), "exp": .number(Double(now.advanced(by: ttl).milliseconds / 1000)),
        ]
        if let user { all["sub"] = .string(user) }
        return try await signed(all.merging(claims) { _, new in new }.filter { $0.value != .null }, secret: secret)
    }

    /// A client that has authenticated.
    func client(
        _ user: String = "alice", _ claims: [String: JSON] = [:], ttl: Duration = .seconds(3600), manners: TestClient.Manners = .init()
    ) async throws -> TestClient {
        let client = try await connect(manners: manners)
        try await client.authenticate(try await token(user, claims, ttl: ttl))
        return client
    }

    /// Asks for an upgrade and says what came.
    func upgrade(_ headers: [(String, String)] = []) async throws -> TestResponse {
        let client = try await open()
        client.requestUpgrade(headers: headers)
        return try await client.response()
    }

    /// Moves the clock on again and again until `body` has what it waits for: where the test cannot know when the gateway began to count.
    func advancing<Result: Sendable>(by step: Duration, until body: () async throws -> Result) async throws -> Result {
        let pusher = Task {
            while !Task.isCancelled {
                advance(by: step)
                // A little more than a tick of the loops, which are real.
                try? await Task.sleep(for: .milliseconds(60))
            }
        }
        defer { pusher.cancel() }
        return try await body()
    }

    /// Waits until the loop of `witness` has compared its deadlines with the clock as it stands now; the gateway has to be ``ticking``.
    func expectTick(_ witness: TestClient) async throws {
        // What was on its way before goes first.
        witness.send(frame: TestFrame(opcode: 9, payload: [7]))
        while try await witness.next() != .pong([7]) {}
        advance(by: .milliseconds(150))
        while true { if case .ping = try await witness.next() { return } }
    }

    /// Makes sure that everything published before has reached `receiver`: a mark published after it must be what comes next.
    func expectNothingElse(_ receiver: TestClient) async throws {
        try await receiver.subscribe("fence")
        let publisher = try await client("fence-keeper", ["roles": ["admin"]])
        try await publisher.publishAcknowledged("fence", "nothing was left")
        try await receiver.expectMessage("fence", "nothing was left")
        try await receiver.unsubscribe("fence")
        try await publisher.close()
    }
}

/// Signs any claims with HMAC.
func signed(_ claims: [String: JSON], secret: String = TestConfiguration.secret, with algorithm: DigestAlgorithm = .sha256) async throws
    -> String
{
    try await JWTKeyCollection().add(hmac: HMACKey(from: secret), digestAlgorithm: algorithm).sign(Claims(values: claims))
}

private struct Claims: JWTPayload {
    let values: [String: JSON]

    init(values: [String: JSON]) { self.values = values }
    /// Only signed, never read.
    init(from decoder: any Decoder) throws { values = [:] }
    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(values)
    }
    func verify(using algorithm: some JWTAlgorithm) throws {}
}

/// Runs `body` for each number of the range, at most `width` at a time.
func concurrently(_ range: Range<Int>, width: Int = 8, _ body: @escaping @Sendable (Int) async throws -> Void) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
        for index in range {
            if index - range.lowerBound >= width { try await group.next() }
            group.addTask { try await body(index) }
        }
        try await group.waitForAll()
    }
}
