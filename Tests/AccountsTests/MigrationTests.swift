import Foundation
import GRDB
import GatewayKit
import GatewayTestKit
import Testing

@testable import AccountsModule

/// Files that earlier versions have left.
struct MigrationTests {
    private let tester: AccountsTester

    init() throws { tester = try AccountsTester() }

    @Test(arguments: [1, 2])
    func `a login of an earlier version goes on, and its next refresh token can be revoked by its jti`(version: Int) async throws {
        try makeOldFile(version)
        let module = try await tester.start()
        // It was issued before anybody kept its id.
        let answer = try await module.refresh("old token")
        #expect(answer.status == 200)
        let id = try #require(tester.tokens.issued(answer.refresh)?.claims["jti"]?.string)
        try await tester.tokens.revoke(Revocation(.token(id)))
        #expect(try await module.refresh(answer.refresh).reason == "revoked")
        #expect(try await module.login("old@example.com", "wrong").status == 401)
        await module.stop()
        let database = try DatabaseQueue(path: tester.settings.database.path)
        #expect(try await database.read { try Int.fetchOne($0, sql: "PRAGMA user_version") } == 3)
    }

    @Test func `what an earlier version has decided and not handed over is made up for`() async throws {
        try makeOldFile(2)
        let file = try DatabaseQueue(path: tester.settings.database.path)
        try await file.write { try $0.execute(sql: "INSERT INTO pending_revocations (session_id, expires_at) VALUES ('other', 7)") }
        try file.close()
        _ = try await tester.start()
        #expect(tester.tokens.revoked == [Revocation(.session("other"), expiresAt: Timestamp(milliseconds: 7))])
    }

    @Test func `a file of a later version is left alone`() async throws {
        try makeOldFile(2)
        let file = try DatabaseQueue(path: tester.settings.database.path)
        try await file.write { try $0.execute(sql: "PRAGMA user_version = 4") }
        try file.close()
        let error = await #expect(throws: ModuleError.self) { try await tester.start() }
        #expect(error?.message.contains("later version") == true)
    }

    /// A file as that version wrote it: one user, one login, whose refresh token is `old token`.
    private func makeOldFile(_ version: Int) throws {
        let file = try DatabaseQueue(path: tester.settings.database.path)
        let now = tester.clock.timestamp.milliseconds
        try file.write { db in
            try db.execute(sql: Self.first)
            if version > 1 { try db.execute(sql: Self.second) }
            try db.execute(sql: "PRAGMA user_version = \(version)")
            try db.execute(
                sql: """
                    INSERT INTO users VALUES ('u1', 'old@example.com', '["admin"]', \(now), 1, 0, 2, 1, 1, x'00', x'00');
                    INSERT INTO sessions (id, user_id, token_number, access_expires_at, expires_at, created_at)
                        VALUES ('s1', 'u1', 1, \(now + 60_000), \(now + 600_000), \(now));
                    """)
            try db.execute(
                sql: "INSERT INTO refresh_tokens VALUES (?, 's1', 1, ?)",
                arguments: [TokenDigest("old token").data, now + 600_000])
        }
        try file.close()
    }

    private static let first = """
        CREATE TABLE users (
            id TEXT NOT NULL PRIMARY KEY, email TEXT NOT NULL UNIQUE, roles TEXT NOT NULL, created_at INTEGER NOT NULL,
            revision INTEGER NOT NULL DEFAULT 1, is_example INTEGER NOT NULL DEFAULT 0, scrypt_rounds INTEGER NOT NULL,
            scrypt_block_size INTEGER NOT NULL, scrypt_parallelism INTEGER NOT NULL, password_salt BLOB NOT NULL,
            password_key BLOB NOT NULL
        ) STRICT;
        CREATE TABLE known_addresses (
            user_id TEXT NOT NULL REFERENCES users(id) ON DELETE CASCADE, address TEXT NOT NULL, seen_at INTEGER NOT NULL,
            PRIMARY KEY (user_id, address)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE sessions (
            id TEXT NOT NULL PRIMARY KEY, user_id TEXT NOT NULL REFERENCES users(id) ON DELETE CASCADE, token_number INTEGER NOT NULL,
            access_expires_at INTEGER NOT NULL, expires_at INTEGER NOT NULL, created_at INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX sessions_by_user ON sessions (user_id, created_at);
        CREATE INDEX sessions_by_expiry ON sessions (expires_at);
        CREATE TABLE refresh_tokens (
            digest BLOB NOT NULL PRIMARY KEY, session_id TEXT NOT NULL REFERENCES sessions(id) ON DELETE CASCADE,
            number INTEGER NOT NULL, expires_at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE UNIQUE INDEX refresh_tokens_by_session ON refresh_tokens (session_id, number);
        CREATE TABLE pending_revocations (
            id INTEGER PRIMARY KEY, session_id TEXT, user_id TEXT, issued_until INTEGER, expires_at INTEGER,
            CHECK ((session_id IS NULL) <> (user_id IS NULL))
        ) STRICT;
        """

    private static let second = """
        ALTER TABLE sessions ADD COLUMN issued_at INTEGER NOT NULL DEFAULT 0;
        UPDATE sessions SET issued_at = created_at;
        ALTER TABLE pending_revocations ADD COLUMN keeps_sessions INTEGER NOT NULL DEFAULT 0;
        """
}
