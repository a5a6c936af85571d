import GRDB
import GatewayKit

/// A revocation that has been decided and not yet been handed over.
struct PendingRevocation: Sendable {
    let id: Int64
    let revocation: Revocation
    /// The user whose sessions outlive it; nil where they do not.
    let keepsSessionsOf: String?
}

/// What is decided in a transaction is carried out after it; a note of it in the same transaction makes sure that it is, whenever the
/// process ends in between.
extension AccountStore {
    /// Notes that the tokens of a session are to be revoked.
    static func revokeSession(_ id: String, until expiry: Timestamp, _ db: Database) throws {
        try db.execute(
            sql: "INSERT INTO pending_revocations (session_id, expires_at) VALUES (?, ?)", arguments: [id, expiry.milliseconds])
    }

    /// Notes that the tokens of a user are to be revoked; for ever, since tokens that were minted by hand may live as long as it pleased.
    static func revokeUser(_ id: String, _ db: Database, _ now: Timestamp, keepsSessions: Bool = false) throws {
        try db.execute(
            sql: "INSERT INTO pending_revocations (user_id, issued_until, keeps_sessions) VALUES (?, ?, ?)",
            arguments: [id, now.milliseconds, keepsSessions])
    }

    /// Hands over what has been decided, also by a process before.
    ///
    /// - Throws: What ``TokenRevocations/revoke(_:)`` throws first; what it takes is handed over, the rest stays for the next time.
    func deliverRevocations(to revocations: any TokenRevocations) async throws {
        var failure: (any Error)?
        for pending in try await pendingRevocations() {
            do {
                if let user = pending.keepsSessionsOf { try await spareSessions(of: user, pending.revocation, revocations) }
                try await revocations.revoke(pending.revocation)
                try await write { try $0.execute(sql: "DELETE FROM pending_revocations WHERE id = ?", arguments: [pending.id]) }
            } catch {
                failure = failure ?? error
            }
        }
        if let failure { throw failure }
    }

    /// Lets the sessions of a user outlive a revocation of access tokens: they count as younger.
    ///
    /// Those that something else has revoked end here, since nobody could tell afterwards.
    private func spareSessions(of user: String, _ revocation: Revocation, _ revocations: any TokenRevocations) async throws {
        guard case .user(_, let issuedUntil) = revocation.tokens else { return }
        try await write { db in
            for row in try Row.fetchAll(db, sql: "SELECT id, issued_at FROM sessions WHERE user_id = ?", arguments: [user]) {
                let issuedAt = Timestamp(milliseconds: row["issued_at"])
                guard issuedAt <= issuedUntil else { continue }
                guard !revocations.isRevoked(.session(row["id"], of: user, issuedAt: issuedAt)) else {
                    try Self.end(row["id"], db)
                    continue
                }
                try db.execute(
                    sql: "UPDATE sessions SET issued_at = ? WHERE id = ?",
                    arguments: [issuedUntil.advanced(by: .milliseconds(1)).milliseconds, row["id"] as String])
            }
        }
    }

    private func pendingRevocations() async throws -> [PendingRevocation] {
        try await read { db in
            try Row.fetchAll(db, sql: "SELECT * FROM pending_revocations ORDER BY id").compactMap { row in
                let expiry = (row["expires_at"] as Int64?).map { Timestamp(milliseconds: $0) }
                if let session = row["session_id"] as String? {
                    return PendingRevocation(
                        id: row["id"], revocation: Revocation(.session(session), expiresAt: expiry), keepsSessionsOf: nil)
                }
                guard let user = row["user_id"] as String?, let until = row["issued_until"] as Int64? else { return nil }
                let tokens = Revocation.Tokens.user(user, issuedUntil: Timestamp(milliseconds: until))
                return PendingRevocation(
                    id: row["id"], revocation: Revocation(tokens, expiresAt: expiry), keepsSessionsOf: row["keeps_sessions"] ? user : nil)
            }
        }
    }
}
