public import GatewayKit
import Synchronization

/// The module `accounts`: people log in with e-mail and password, and get the tokens that the gateway itself accepts.
///
/// Users and sessions live in one SQLite file. A deployment with a login of its own leaves the module out.
public final class Accounts: HTTPModule {
    /// The name in gateway.yaml.
    public static let name = "accounts"
    /// What the module does.
    public static let summary = "Answers login, refresh and logout; users live in a SQLite file, passwords as scrypt hashes."
    /// Tokens are signed, and made worthless, by whoever checks them.
    public static let requires = [Capability.tokenIssuer.name, Capability.tokenRevocations.name]

    let service: AccountService

    /// The example user exists for this machine alone.
    public static func objection(to settings: AccountsSettings, isLoopback: Bool) -> ModuleError? {
        guard settings.exampleUser, !isLoopback else { return nil }
        return ModuleError(
            "the user \(ExampleUser.email) has a password that everybody knows, and a listener is not on loopback",
            help: "write example_user: false, or server.host: 127.0.0.1 and admin.host: 127.0.0.1", setting: "example_user")
    }

    /// A database that cannot be opened.
    public static func obstacles(to settings: AccountsSettings) async -> [ModuleError] {
        [DatabaseFile.obstacle(to: settings.database)].compactMap(\.self)
    }

    /// Makes the module.
    ///
    /// - Throws: ``ModuleError`` where something speaks against the settings, or nothing signs or revokes tokens.
    public convenience init(settings: AccountsSettings, context: ModuleContext) throws {
        try self.init(settings: settings, context: context, cost: .standard)
    }

    init(settings: AccountsSettings, context: ModuleContext, cost: ScryptCost) throws {
        if let objection = Self.objection(to: settings, isLoopback: context.isLoopback) { throw objection }
        service = AccountService(
            settings: settings, context: context, cost: cost, issuer: try context.capability(.tokenIssuer),
            revocations: try context.capability(.tokenRevocations))
    }

    /// Login, refresh and logout.
    public var routes: [HTTPRoute] {
        let service = service
        return [
            HTTPRoute(.post, "/api/auth/login", Operations.login) { try await service.login($0) },
            HTTPRoute(.post, "/api/auth/refresh", Operations.refresh) { try await service.refresh($0) },
            HTTPRoute(.post, "/api/auth/logout", Operations.logout) { try await service.logout($0) },
        ]
    }

    /// Opens the database and makes it where there is none.
    ///
    /// - Throws: ``ModuleError`` where it cannot be opened, and where nothing signs tokens.
    public func start() async throws { try await service.start() }

    /// Closes the database.
    public func stop() async { await service.stop() }
}
