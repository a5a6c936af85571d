import GRDB
import GatewayKit

/// The SQLite file of revocations, opened.
///
/// Several processes may have it open at once. Whoever writes a row gives it a higher id than every row before it, so what is new
/// to a process stands behind the last id that it has seen. Every call waits for the disk.
struct RevocationFile: Sendable {
    private let place: RevocationFilePlace
    private let database: DatabaseQueue
    private var lastID: Int64 = 0
    /// SQLite's count of what other connections have written, at the last look.
    private var dataVersion: Int64?

    /// Opens the file; nil where there is none.
    ///
    /// - Throws: ``ModuleError`` where it cannot be read, or is none of ours, or damaged.
    static func find(_ path: FilePath) throws(ModuleError) -> RevocationFile? {
        guard let place = try RevocationFilePlace.find(path) else { return nil }
        return try place.doing("read") {
            let database = try RevocationSchema.connect(path)
            try database.inDatabase { try RevocationSchema.check($0) }
            return RevocationFile(place: place, database: database)
        }
    }

    private init(place: RevocationFilePlace, database: DatabaseQueue) {
        self.place = place
        self.database = database
    }

    /// What other processes have written since the last look; at first, everything.
    mutating func readNew() throws(ModuleError) -> [RevocationRecord] {
        try place.check()
        let (seen, lastID) = (dataVersion, lastID)
        let (version, rows) = try place.doing("read") {
            try database.inDatabase { db in
                // Before the rows: what is written in between is looked for again.
                let version = try Int64.fetchOne(db, sql: "PRAGMA data_version")
                return (version, version == seen ? [] : try Self.rows(db, after: lastID))
            }
        }
        dataVersion = version
        take(rows)
        return rows.map(\.record)
    }

    /// Writes records in one transaction; they are safe on the disk afterwards.
    ///
    /// - Returns: They, each merged with what another process has written of the same, and before them all else that is new.
    mutating func write(_ records: [RevocationRecord]) throws(ModuleError) -> [RevocationRecord] {
        let lastID = lastID
        let rows = try place.doing("write") {
            var rows: [Row] = []
            try database.inTransaction(.immediate) { db in
                rows = try Self.rows(db, after: lastID)
                let others = Dictionary(rows.map { ($0.record.key, $0.record.times) }) { $1 }
                let statement = try db.cachedStatement(
                    sql: "INSERT OR REPLACE INTO revocation (kind, value, issued_until, expires_at) VALUES (?, ?, ?, ?)")
                for var record in records {
                    if let other = others[record.key] { record.times = record.times.merged(with: other) }
                    let times = (record.times.issuedUntil.milliseconds, record.times.expiresAt.milliseconds)
                    try statement.execute(arguments: [record.key.kind.rawValue, record.key.value, times.0, times.1])
                    rows.append(Row(id: db.lastInsertedRowID, record: record))
                }
                return .commit
            }
            return rows
        }
        take(rows)
        return rows.map(\.record)
    }

    /// Deletes what expired at that time or before.
    func delete(expiredAt time: Timestamp) throws(ModuleError) {
        try place.doing("write") {
            try database.write { db in
                try db.execute(sql: "DELETE FROM revocation WHERE expires_at <= ?", arguments: [time.milliseconds])
            }
        }
    }

    /// Closes the file; the last one to do so leaves one file and no log beside it.
    func end() { try? database.close() }

    private mutating func take(_ rows: [Row]) { if let last = rows.last { lastID = last.id } }

    private struct Row {
        let id: Int64
        let record: RevocationRecord
    }

    private static func rows(_ db: Database, after id: Int64) throws -> [Row] {
        let sql = "SELECT id, kind, value, issued_until, expires_at FROM revocation WHERE id > ? ORDER BY id"
        let cursor = try GRDB.Row.fetchCursor(db, sql: sql, arguments: [id])
        var rows: [Row] = []
        while let row = try cursor.next() {
            // A kind that is not known must not be taken for none.
            guard let kind = RevocationRecord.Kind(rawValue: row[1]) else {
                throw ModuleError("it holds a kind of revocation that is unknown here")
            }
            let times = RevocationRecord.Times(issuedUntil: Timestamp(milliseconds: row[3]), expiresAt: Timestamp(milliseconds: row[4]))
            rows.append(Row(id: row[0], record: RevocationRecord(key: .init(kind: kind, value: row[2]), times: times)))
        }
        return rows
    }
}
