import Crypto
import GatewayKit
import Logging
import NIOCore
import NIOPosix
import Synchronization

@testable import JWTModule

/// The module with its settings, at a fixed time.
struct TokenTester {
    static let secret = "0123456789abcdef0123456789abcdef"
    static let now: Int64 = 1_800_000_000
    /// Claims that nothing is wrong with.
    static let claims = #"{"sub":"ann","exp":1800000900}"#

    let module: JWT
    let issuer: any TokenIssuer
    let revocations: any TokenRevocations
    let logs = LogLines()
    private let connection: Connection

    init(_ settings: JWTSettings) throws {
        let clock = GatewayClock(monotonic: { .uptimeNanoseconds(0) }, wall: { Timestamp(milliseconds: Self.now * 1000) })
        let loop = MultiThreadedEventLoopGroup.singleton.any()
        let logs = logs
        let context = ModuleContext(
            instance: "jwt", logger: Logger(label: "test") { _ in CollectingLogHandler(lines: logs) }, eventLoopGroup: loop, clock: clock,
            shared: SharedState(), capabilities: Capabilities())
        module = try JWT(settings: settings, context: context)
        issuer = try context.capability(.tokenIssuer)
        revocations = try context.capability(.tokenRevocations)
        guard let address = ClientAddress("192.0.2.1") else { throw Unexpected() }
        connection = Connection(eventLoop: loop, address: address, time: TurnTime(clock: clock))
    }

    /// The module with a secret.
    init(_ change: (inout JWTSettings) -> Void = { _ in }) throws {
        var settings = JWTSettings()
        settings.secret = Secret(Self.secret)
        change(&settings)
        try self.init(settings)
    }

    /// What the module says, at once or later.
    func check(_ token: String) async throws -> AuthVerdict {
        let verdict = module.authenticate(.token(token), connection)
        if case .later(let future) = verdict { return try await future.get() }
        return verdict
    }

    /// Whether the module says so in the same turn of the event loop.
    func answersAtOnce(_ token: String) -> Bool {
        if case .later = module.authenticate(.token(token), connection) { false } else { true }
    }

    /// What is wrong with a token; nil where it is accepted.
    func reason(_ token: String) async throws -> Reason? {
        switch try await check(token) {
        case .accepted: nil
        case .rejected(let reason): reason
        case .abstain, .later: throw Unexpected()
        }
    }

    /// Whose token it is.
    func principal(_ token: String) async throws -> Principal {
        guard case .accepted(let principal) = try await check(token) else { throw Unexpected() }
        return principal
    }

    /// What is wrong with a token of good signature and these claims.
    func reason(claims: String) async throws -> Reason? { try await reason(Self.token(claims: claims)) }

    /// A token signed with HS256, or with nothing that fits its header.
    static func token(header: String = #"{"alg":"HS256","typ":"JWT"}"#, claims: String = claims, secret: String = secret) -> String {
        let input = "\(encoded(header)).\(encoded(claims))"
        let code = HMAC<SHA256>.authenticationCode(for: Array(input.utf8), using: SymmetricKey(data: Array(secret.utf8)))
        return "\(input).\(Base64.encode(Array(code), .url))"
    }

    static func encoded(_ text: String) -> String { Base64.encode(Array(text.utf8), .url) }
}

struct Unexpected: Error {}

/// Lines that were logged.
final class LogLines: Sendable {
    private let lines = Mutex<[String]>([])

    var all: [String] { lines.withLock { $0 } }

    func add(_ line: String) { lines.withLock { $0.append(line) } }
}

struct CollectingLogHandler: LogHandler {
    let lines: LogLines
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.trace

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) { lines.add("\(event.level) \(event.message) \(event.metadata ?? [:])") }
}
