package import GatewayKit

/// What `gateway user` does, on the database itself: the gateway may be running or not.
///
/// Each change that makes tokens worthless has to be followed by ``deliverRevocations(to:)``.
package final class AccountAdministration: Sendable {
    private let store: AccountStore
    private let clock: GatewayClock
    private let cost: ScryptCost

    /// Opens the database, or makes it.
    ///
    /// - Throws: ``ModuleError`` where it cannot be opened.
    package convenience init(_ settings: AccountsSettings, clock: GatewayClock) throws {
        try self.init(settings, clock: clock, cost: .standard)
    }

    init(_ settings: AccountsSettings, clock: GatewayClock, cost: ScryptCost) throws {
        store = try AccountStore(settings.database)
        self.clock = clock
        self.cost = cost
    }

    /// Adds a user.
    ///
    /// - Returns: The new user's id.
    /// - Throws: ``ModuleError`` that says what is wrong with the values, or that the e-mail is taken.
    package func add(_ email: String, password: String, roles: [String]) async throws -> String {
        let address = try EmailAddress(checking: email)
        let roles = try Role.check(roles)
        try Password.check(password)
        let user = AccountStore.NewUser(
            email: address, password: try PasswordHash(of: password, cost: cost), roles: roles, createdAt: clock.timestamp)
        guard try await store.add(user) else {
            throw ModuleError("there is a user \(address.text) already", help: "change it with: gateway user passwd, or user roles")
        }
        return user.id
    }

    /// All users, by e-mail.
    package func users() async throws -> [User] { try await store.users() }

    /// Removes a user with all sessions.
    ///
    /// - Throws: ``ModuleError`` where there is none of that e-mail.
    package func remove(_ email: String) async throws {
        let address = try EmailAddress(checking: email)
        guard try await store.remove(address, clock: clock) else { throw Self.unknown(address) }
    }

    /// Gives a user another password and ends all sessions.
    ///
    /// - Throws: ``ModuleError`` where there is none of that e-mail, or the password is too short or too long.
    package func setPassword(_ password: String, of email: String) async throws {
        let address = try EmailAddress(checking: email)
        try Password.check(password)
        let hash = try PasswordHash(of: password, cost: cost)
        guard try await store.setPassword(hash, of: address, clock: clock) else { throw Self.unknown(address) }
    }

    /// Gives a user other roles; the next refresh has them.
    ///
    /// - Throws: ``ModuleError`` where there is none of that e-mail, or a role is none.
    package func setRoles(_ roles: [String], of email: String) async throws {
        let address = try EmailAddress(checking: email)
        guard try await store.setRoles(Role.check(roles), of: address, clock: clock) else { throw Self.unknown(address) }
    }

    /// Makes the tokens worthless that a change, of this process or one before, has decided about.
    package func deliverRevocations(to revocations: any TokenRevocations) async throws {
        try await store.deliverRevocations(to: revocations)
    }

    /// Closes the database.
    package func close() { store.close() }

    private static func unknown(_ email: EmailAddress) -> ModuleError {
        ModuleError("there is no user \(email.text)", help: "gateway user list shows all")
    }
}
