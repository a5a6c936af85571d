import GRDB
import GatewayKit

/// The steps that bring a database to the form of this version; one that was released is never changed.
enum Migrations {
    private static let all = [first, second, third]

    /// Takes the steps that are still to be taken: in one transaction that is a writer's from its beginning, since a gateway and
    /// `gateway user` may start at once, and GRDB's own migrator looks before it locks.
    ///
    /// - Throws: ``ModuleError`` where a later version of the gateway has made the file; SQLite's error.
    static func run(_ db: Database) throws {
        try db.inTransaction(.immediate) {
            let version = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
            guard (0...all.count).contains(version) else { throw ModuleError("a later version of the gateway wrote it") }
            for step in all.dropFirst(version) { try db.execute(sql: step) }
            if version < all.count { try db.execute(sql: "PRAGMA user_version = \(all.count)") }
            return .commit
        }
    }

    /// The tables.
    ///
    /// Times are milliseconds since 1970. A session's current refresh token is the one whose number it has; the ones before it are
    /// kept to be recognized when they come again.
    private static let first = """
        CREATE TABLE users (
            id TEXT NOT NULL PRIMARY KEY,
            email TEXT NOT NULL UNIQUE,
            roles TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            revision INTEGER NOT NULL DEFAULT 1,
            is_example INTEGER NOT NULL DEFAULT 0,
            scrypt_rounds INTEGER NOT NULL,
            scrypt_block_size INTEGER NOT NULL,
            scrypt_parallelism INTEGER NOT NULL,
            password_salt BLOB NOT NULL,
            password_key BLOB NOT NULL
        ) STRICT;
        CREATE TABLE known_addresses (
            user_id TEXT NOT NULL REFERENCES users(id) ON DELETE CASCADE,
            address TEXT NOT NULL,
            seen_at INTEGER NOT NULL,
            PRIMARY KEY (user_id, address)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE sessions (
            id TEXT NOT NULL PRIMARY KEY,
            user_id TEXT NOT NULL REFERENCES users(id) ON DELETE CASCADE,
            token_number INTEGER NOT NULL,
            access_expires_at INTEGER NOT NULL,
            expires_at INTEGER NOT NULL,
            created_at INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX sessions_by_user ON sessions (user_id, created_at);
        CREATE INDEX sessions_by_expiry ON sessions (expires_at);
        CREATE TABLE refresh_tokens (
            digest BLOB NOT NULL PRIMARY KEY,
            session_id TEXT NOT NULL REFERENCES sessions(id) ON DELETE CASCADE,
            number INTEGER NOT NULL,
            expires_at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE UNIQUE INDEX refresh_tokens_by_session ON refresh_tokens (session_id, number);
        CREATE TABLE pending_revocations (
            id INTEGER PRIMARY KEY,
            session_id TEXT,
            user_id TEXT,
            issued_until INTEGER,
            expires_at INTEGER,
            CHECK ((session_id IS NULL) <> (user_id IS NULL))
        ) STRICT;
        """

    /// When a session's current refresh token was made, as revocations compare it; and which of them leave sessions alone.
    private static let second = """
        ALTER TABLE sessions ADD COLUMN issued_at INTEGER NOT NULL DEFAULT 0;
        UPDATE sessions SET issued_at = created_at;
        ALTER TABLE pending_revocations ADD COLUMN keeps_sessions INTEGER NOT NULL DEFAULT 0;
        """

    /// The `jti` of each refresh token, by which it can be revoked.
    private static let third = "ALTER TABLE refresh_tokens ADD COLUMN token_id TEXT"
}
