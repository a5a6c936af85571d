import Foundation
import GRDB
import GatewayKit

extension AccountStore {
    /// What to store of a new user.
    struct NewUser: Sendable {
        let id = ConnectionID.random().description
        let email: EmailAddress
        let password: PasswordHash
        let roles: [String]
        let createdAt: Timestamp
        var isExample = false
    }

    /// Adds a user; false where there is one of that e-mail.
    func add(_ user: NewUser) async throws -> Bool {
        try await write { db in
            try db.execute(
                sql: """
                    INSERT INTO users (id, email, roles, created_at, is_example, scrypt_rounds, scrypt_block_size, scrypt_parallelism,
                        password_salt, password_key) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (email) DO NOTHING
                    """,
                arguments: [
                    user.id, user.email.text, User.text(of: user.roles), user.createdAt.milliseconds, user.isExample,
                    user.password.cost.rounds, user.password.cost.blockSize, user.password.cost.parallelism,
                    Data(user.password.salt), Data(user.password.key),
                ])
            return db.changesCount == 1
        }
    }

    /// All users, by e-mail.
    func users() async throws -> [User] {
        try await read { try Row.fetchAll($0, sql: "SELECT * FROM users ORDER BY email").map { User($0) } }
    }

    /// The user of an e-mail, and whether somebody has logged in as that user from an address.
    func user(_ email: EmailAddress, from group: ClientAddress) async throws -> (user: User?, isKnown: Bool) {
        try await read { db in
            let user = try Row.fetchOne(db, sql: "SELECT * FROM users WHERE email = ?", arguments: [email.text]).map { User($0) }
            let isKnown = try Row.fetchOne(
                db, sql: "SELECT 1 FROM known_addresses WHERE user_id = ? AND address = ?", arguments: [user?.id ?? "", "\(group)"])
            return (user, isKnown != nil)
        }
    }

    /// Whether there is a user of that e-mail.
    func contains(_ email: EmailAddress) async throws -> Bool {
        try await read { try Row.fetchOne($0, sql: "SELECT 1 FROM users WHERE email = ?", arguments: [email.text]) != nil }
    }

    /// Removes a user with all sessions; false where there is none.
    func remove(_ email: EmailAddress, clock: GatewayClock) async throws -> Bool {
        try await change(email, clock: clock) { db, id in try db.execute(sql: "DELETE FROM users WHERE id = ?", arguments: [id]) }
    }

    /// Removes the example user, unless its password has been changed.
    func removeExample(clock: GatewayClock) async throws {
        try await write { db in
            for id in try String.fetchAll(db, sql: "SELECT id FROM users WHERE is_example = 1") {
                try db.execute(sql: "DELETE FROM users WHERE id = ?", arguments: [id])
                try Self.revokeUser(id, db, clock.timestamp)
            }
        }
    }

    /// Gives a user another password and ends all sessions; false where there is no such user.
    func setPassword(_ password: PasswordHash, of email: EmailAddress, clock: GatewayClock) async throws -> Bool {
        try await change(email, clock: clock) { db, id in
            try db.execute(
                sql: """
                    UPDATE users SET scrypt_rounds = ?, scrypt_block_size = ?, scrypt_parallelism = ?, password_salt = ?, password_key = ?,
                        revision = revision + 1, is_example = 0 WHERE id = ?
                    """,
                arguments: [
                    password.cost.rounds, password.cost.blockSize, password.cost.parallelism, Data(password.salt), Data(password.key), id,
                ])
            try db.execute(sql: "DELETE FROM sessions WHERE user_id = ?", arguments: [id])
        }
    }

    /// Gives a user other roles; false where there is no such user.
    ///
    /// Sessions go on, and their next refresh has the new ones.
    func setRoles(_ roles: [String], of email: EmailAddress, clock: GatewayClock) async throws -> Bool {
        try await change(email, clock: clock, keepsSessions: true) { db, id in
            try db.execute(
                sql: "UPDATE users SET roles = ?, revision = revision + 1 WHERE id = ?", arguments: [User.text(of: roles), id])
        }
    }

    /// Changes a user and notes that all tokens so far are to be revoked.
    private func change(
        _ email: EmailAddress, clock: GatewayClock, keepsSessions: Bool = false,
        _ body: @escaping @Sendable (Database, String) throws -> Void
    ) async throws -> Bool {
        try await write { db in
            guard let id = try String.fetchOne(db, sql: "SELECT id FROM users WHERE email = ?", arguments: [email.text]) else {
                return false
            }
            try body(db, id)
            // Read behind the lock: whatever was signed and stored before this change is older.
            try Self.revokeUser(id, db, clock.timestamp, keepsSessions: keepsSessions)
            return true
        }
    }
}
