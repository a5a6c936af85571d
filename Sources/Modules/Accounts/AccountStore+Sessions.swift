import Foundation
import GRDB
import GatewayKit

/// A refresh token as it is stored, with the session and the user that it belongs to.
struct StoredToken: Sendable {
    let digest: TokenDigest
    /// Its `jti`; nil for one of a version that did not keep it.
    let id: String?
    let sessionID: String
    /// Whether it is the session's last one, which alone works.
    let isCurrent: Bool
    let expiresAt: Timestamp
    let issuedAt: Timestamp
    let user: User

    /// What a revocation is compared with.
    var principal: Principal { .session(sessionID, of: user.id, token: id, issuedAt: issuedAt) }
}

/// What became of a refresh token that was to be exchanged.
enum Rotation: Sendable {
    case rotated
    /// It had been exchanged before, so somebody else has it: the session is over.
    case reused
    /// The session is over, or it or its user was changed since the token was read.
    case changed
}

extension AccountStore {
    /// Beyond it the session of a user that was not refreshed for the longest time ends.
    static let maxSessions = 100
    /// How many used tokens of a session are recognized; older ones are unknown.
    static let maxUsedTokens: Int64 = 4096
    /// Beyond it the address that was used the longest time ago is forgotten.
    static let maxKnownAddresses = 32
    /// How long a token may be taken after its end: the greatest leeway there is, and clocks that differ.
    static let expiryMargin = Duration.seconds(600)

    /// Opens a session; false where the user was changed or removed since it was read.
    func open(session: String, of user: User, _ pair: TokenPair, from group: ClientAddress, now: Timestamp) async throws -> Bool {
        try await write { db in
            guard try Self.revision(of: user.id, db) == user.revision else { return false }
            let now = now.milliseconds
            try db.execute(
                sql: """
                    DELETE FROM sessions WHERE id IN
                        (SELECT id FROM sessions WHERE expires_at <= ?1 AND access_expires_at + ?2 <= ?1 LIMIT 100)
                    """, arguments: [now, Self.expiryMargin.components.seconds * 1000])
            try db.execute(
                sql: """
                    INSERT INTO sessions (id, user_id, token_number, access_expires_at, expires_at, created_at, issued_at)
                        VALUES (?, ?, 1, ?, ?, ?, ?)
                    """,
                arguments: [
                    session, user.id, pair.accessExpiry.milliseconds, pair.refreshExpiry.milliseconds, now, pair.issuedAt.milliseconds,
                ])
            try Self.insert(pair, session, number: 1, db)
            try Self.endOldest(of: user.id, db)
            try db.execute(
                sql: """
                    INSERT INTO known_addresses (user_id, address, seen_at) VALUES (?, ?, ?)
                        ON CONFLICT DO UPDATE SET seen_at = excluded.seen_at
                    """, arguments: [user.id, "\(group)", now])
            try db.execute(
                sql: """
                    DELETE FROM known_addresses WHERE user_id = ?1 AND address IN
                        (SELECT address FROM known_addresses WHERE user_id = ?1 ORDER BY seen_at DESC LIMIT -1 OFFSET ?2)
                    """, arguments: [user.id, Self.maxKnownAddresses])
            return true
        }
    }

    /// What is known of a refresh token; nil where nothing is.
    func token(_ digest: TokenDigest) async throws -> StoredToken? {
        try await read { db in
            let row = try Row.fetchOne(
                db,
                sql: """
                    SELECT users.*, session_id, token_id, number = token_number AS is_current, issued_at,
                        refresh_tokens.expires_at FROM refresh_tokens
                        JOIN sessions ON sessions.id = session_id JOIN users ON users.id = user_id WHERE digest = ?
                    """, arguments: [digest.data])
            return row.map { row in
                StoredToken(
                    digest: digest, id: row["token_id"], sessionID: row["session_id"], isCurrent: row["is_current"],
                    expiresAt: Timestamp(milliseconds: row["expires_at"]),
                    issuedAt: Timestamp(milliseconds: row["issued_at"]), user: User(row))
            }
        }
    }

    /// Puts a new pair in the place of a token; of two that come at once with the same token, one is the first.
    func rotate(_ token: StoredToken, to pair: TokenPair) async throws -> Rotation {
        try await write { db in
            let row = try Row.fetchOne(
                db,
                sql:
                    "SELECT number, token_number, issued_at FROM refresh_tokens JOIN sessions ON sessions.id = session_id WHERE digest = ?",
                arguments: [token.digest.data])
            guard let row else { return .changed }
            let number: Int64 = row["number"]
            guard number == row["token_number"] else {
                try Self.end(token.sessionID, db)
                return .reused
            }
            // A session that new roles have spared counts as younger, and revocations are compared with that.
            guard row["issued_at"] == token.issuedAt.milliseconds else { return .changed }
            guard try Self.revision(of: token.user.id, db) == token.user.revision else { return .changed }
            try db.execute(
                sql: """
                    UPDATE sessions SET token_number = ?, access_expires_at = max(access_expires_at, ?), expires_at = ?, issued_at = ?
                        WHERE id = ?
                    """,
                arguments: [
                    number + 1, pair.accessExpiry.milliseconds, pair.refreshExpiry.milliseconds, pair.issuedAt.milliseconds,
                    token.sessionID,
                ])
            try Self.insert(pair, token.sessionID, number: number + 1, db)
            try db.execute(
                sql: "DELETE FROM refresh_tokens WHERE session_id = ? AND number <= ?",
                arguments: [token.sessionID, number - Self.maxUsedTokens])
            return .rotated
        }
    }

    /// Ends a session and notes that its tokens are to be revoked; nothing where it is over already.
    func end(session id: String) async throws {
        try await write { try Self.end(id, $0) }
    }

    /// Ends the sessions beyond ``maxSessions``: those whose last exchange was the longest time ago.
    private static func endOldest(of user: String, _ db: Database) throws {
        let ids = try String.fetchAll(
            db, sql: "SELECT id FROM sessions WHERE user_id = ? ORDER BY expires_at DESC, rowid DESC LIMIT -1 OFFSET ?",
            arguments: [user, maxSessions])
        for id in ids { try end(id, db) }
    }

    static func end(_ id: String, _ db: Database) throws {
        let expiry = try Int64.fetchOne(db, sql: "SELECT access_expires_at FROM sessions WHERE id = ?", arguments: [id])
        guard let expiry else { return }
        try db.execute(sql: "DELETE FROM sessions WHERE id = ?", arguments: [id])
        try revokeSession(id, until: Timestamp(milliseconds: expiry).advanced(by: expiryMargin), db)
    }

    private static func insert(_ pair: TokenPair, _ session: String, number: Int64, _ db: Database) throws {
        try db.execute(
            sql: "INSERT INTO refresh_tokens (digest, session_id, number, expires_at, token_id) VALUES (?, ?, ?, ?, ?)",
            arguments: [TokenDigest(pair.refresh).data, session, number, pair.refreshExpiry.milliseconds, pair.refreshID])
    }

    private static func revision(of user: String, _ db: Database) throws -> Int? {
        try Int.fetchOne(db, sql: "SELECT revision FROM users WHERE id = ?", arguments: [user])
    }
}

extension Principal {
    /// The session as its current refresh token stands for it.
    static func session(_ id: String, of user: String, token: String? = nil, issuedAt: Timestamp) -> Principal {
        Principal(userID: user, claims: ["sid": .string(id)], issuedAt: issuedAt, tokenID: token)
    }
}
