import GRDB
import GatewayKit

/// What the file of revocations holds, and what it was before.
enum RevocationSchema {
    /// Tells our file from every other: "gwrv".
    private static let applicationID: Int64 = 0x6777_7276

    /// One for each version of the file; one that has been released is never changed.
    private static let migrations = [
        """
        CREATE TABLE revocation (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            kind TEXT NOT NULL,
            value TEXT NOT NULL,
            issued_until INTEGER NOT NULL,
            expires_at INTEGER NOT NULL,
            UNIQUE (kind, value)
        );
        CREATE INDEX revocation_by_expiry ON revocation (expires_at);
        """
    ]

    /// Opens a file so that a commit is on the disk when it returns, and that writers wait for each other.
    static func connect(_ path: FilePath) throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.label = "revocations"
        configuration.busyMode = .timeout(5)
        configuration.prepareDatabase { try $0.execute(sql: "PRAGMA synchronous = FULL") }
        return try DatabaseQueue(path: path.path, configuration: configuration)
    }

    /// Makes everything in an empty file.
    static func make(_ db: Database) throws {
        try db.execute(sql: "PRAGMA application_id = \(applicationID)")
        try prepare(db)
    }

    /// Makes sure that the file is ours and whole, and brings it up to date.
    static func check(_ db: Database) throws {
        guard try Int64.fetchOne(db, sql: "PRAGMA application_id") == applicationID else {
            throw ModuleError("it is no file of revocations")
        }
        let finding = try String.fetchOne(db, sql: "PRAGMA quick_check(1)")
        guard finding == "ok" else { throw ModuleError("it is damaged") }
        try prepare(db)
    }

    /// Brings an old file up to date: in one transaction, so that processes that start at once do not do it twice.
    private static func prepare(_ db: Database) throws {
        try db.execute(sql: "PRAGMA journal_mode = WAL")
        try db.inTransaction(.immediate) {
            let version = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
            guard (0...migrations.count).contains(version) else { throw ModuleError("a later version of the gateway wrote it") }
            for migration in migrations.dropFirst(version) { try db.execute(sql: migration) }
            if version < migrations.count { try db.execute(sql: "PRAGMA user_version = \(migrations.count)") }
            return .commit
        }
    }
}
