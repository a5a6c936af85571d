import GatewayKit
import GatewayTestKit
import Logging
import NIOCore
import NIOEmbedded

@testable import AccountsModule

/// Modules on one database, with a clock that stands still and hashes that cost nothing.
final class AccountsTester: Sendable {
    static let cheap = ScryptCost(rounds: 2, blockSize: 1, parallelism: 1)
    static let email = "ann@example.com"
    static let password = "correct horse"

    let folder: TemporaryFolder
    let clock = ManualClock()
    let tokens = FakeTokens()
    let log = RecordedLog()
    private let shared = SharedState()

    init() throws { folder = try TemporaryFolder() }

    var settings: AccountsSettings {
        var settings = AccountsSettings()
        settings.database = folder.file("accounts.sqlite")
        return settings
    }

    /// A module that has been made and not started.
    func make(_ settings: AccountsSettings? = nil, isLoopback: Bool = false, cost: ScryptCost = cheap) throws -> Accounts {
        let capabilities = Capabilities()
        let context = ModuleContext(
            instance: "accounts", logger: log.logger(),
            eventLoopGroup: EmbeddedEventLoop(), clock: clock.gatewayClock, shared: shared, capabilities: capabilities,
            isLoopback: isLoopback)
        context.provide(.tokenIssuer, tokens as any TokenIssuer)
        context.provide(.tokenRevocations, tokens as any TokenRevocations)
        return try Accounts(settings: settings ?? self.settings, context: context, cost: cost)
    }

    /// A module that serves.
    func start(_ change: (inout AccountsSettings) -> Void = { _ in }, isLoopback: Bool = false) async throws -> Accounts {
        var settings = settings
        change(&settings)
        let module = try make(settings, isLoopback: isLoopback)
        try await module.start()
        return module
    }

    /// A module that serves, and the user ``email`` with ``password``.
    func startWithUser(roles: [String] = [], _ change: (inout AccountsSettings) -> Void = { _ in }) async throws -> Accounts {
        let module = try await start(change)
        _ = try await administration().add(Self.email, password: Self.password, roles: roles)
        return module
    }

    func administration() throws -> AccountAdministration {
        try AccountAdministration(settings, clock: clock.gatewayClock, cost: Self.cheap)
    }
}

/// An answer, looked into.
struct Answer {
    let status: Int
    let text: String
    let retryAfter: Int?

    init(_ response: HTTPResponse) {
        status = response.status
        text = String(buffer: response.body)
        retryAfter = response.headers.first { $0.name == "Retry-After" }.flatMap { Int($0.value) }
    }

    var json: JSON? { try? JSON(parsing: text) }
    var data: JSON? { json?["data"] }
    var reason: String? { json?["error"]?["details"]?["reason"]?.string }
    var access: String? { data?["accessToken"]?.string }
    var refresh: String? { data?["refreshToken"]?.string }
}

extension Accounts {
    /// What is answered; a refusal as the core tells it.
    func post(_ path: String, _ body: String, from address: String = "192.0.2.1", host: String? = nil) async throws -> Answer {
        guard let route = routes.first(where: { $0.path.description == path && $0.method == .post }) else { throw Unexpected() }
        guard let address = ClientAddress(address) else { throw Unexpected() }
        do {
            return Answer(
                try await route.answer(
                    HTTPRequest(
                        method: "POST", path: path, headers: host.map { [("host", $0)] } ?? [], body: ByteBuffer(string: body),
                        address: address)))
        } catch let refusal as HTTPRefusal {
            return Answer(.failure(refusal))
        }
    }

    func login(
        _ email: String = AccountsTester.email, _ password: String = AccountsTester.password, from address: String = "192.0.2.1",
        host: String? = "localhost:3000"
    ) async throws -> Answer {
        let body = JSON.object(["email": .string(email), "password": .string(password)]).text
        return try await post("/api/auth/login", body, from: address, host: host)
    }

    func refresh(_ token: String?) async throws -> Answer {
        try await post("/api/auth/refresh", JSON.object(["refreshToken": .string(token ?? "")]).text)
    }

    func logout(_ token: String?) async throws -> Answer {
        try await post("/api/auth/logout", JSON.object(["refreshToken": .string(token ?? "")]).text)
    }
}

struct Unexpected: Error {}
