import GRDB
import GatewayKit

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Where the file of revocations lies, which file that is, and how to say what is wrong with it.
struct RevocationFilePlace: Sendable {
    private static let setting = "revocations"

    let path: FilePath
    private let identity: [UInt64]

    /// Looks for the file; nil where there is none.
    static func find(_ path: FilePath) throws(ModuleError) -> RevocationFilePlace? {
        try identity(path).map { RevocationFilePlace(path: path, identity: $0) }
    }

    /// Makes the file, for nobody but this user, and whole or not at all; leaves one that is there as it is.
    static func make(_ path: FilePath) throws(ModuleError) {
        if try identity(path) != nil { return }
        try PrivateFolder.make(for: path, setting: setting)
        let draft = FilePath("\(path.path).\(ConnectionID.random()).new")
        let descriptor = open(draft.path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw KeyFile.failure(path, setting, errno, verb: "make") }
        close(descriptor)
        defer { for suffix in ["", "-wal", "-shm"] { unlink(draft.path + suffix) } }
        try RevocationFilePlace(path: path, identity: []).doing("make") {
            let database = try RevocationSchema.connect(draft)
            try database.inDatabase { try RevocationSchema.make($0) }
            try database.close()
        }
        // A link never replaces what is there: another process may have been first.
        guard link(draft.path, path.path) == 0 || errno == EEXIST else { throw KeyFile.failure(path, setting, errno, verb: "make") }
    }

    /// Fails where the file that lies here is not the one that was found: what went into that one would be lost with it.
    func check() throws(ModuleError) {
        guard try Self.identity(path) != identity else { return }
        throw ModuleError(
            "\(path) was moved, replaced or deleted while it was open", help: "put it back, or start the gateway anew",
            setting: Self.setting,
            code: .unreadableFile)
    }

    /// Turns what SQLite says into what an operator can do.
    func doing<Result>(_ verb: String, _ body: () throws -> Result) throws(ModuleError) -> Result {
        do {
            return try body()
        } catch let error as ModuleError {
            throw failure(verb, error.message, isBroken: true)
        } catch let error as DatabaseError {
            let isBroken = [.SQLITE_NOTADB, .SQLITE_CORRUPT].contains(error.resultCode)
            throw failure(verb, error.message ?? "\(error.resultCode)", isBroken: isBroken)
        } catch {
            throw failure(verb, "\(error)", isBroken: false)
        }
    }

    private func failure(_ verb: String, _ message: String, isBroken: Bool) -> ModuleError {
        ModuleError(
            "cannot \(verb) the revocations in \(path): \(message)",
            help: isBroken
                ? "put a backup in its place, or move it away: then every revoked token that has not expired is good again"
                : "let the gateway's user read and write the file and its folder, and see that the disk has room",
            setting: Self.setting, code: .unreadableFile)
    }

    private static func identity(_ path: FilePath) throws(ModuleError) -> [UInt64]? {
        var status = stat()
        if stat(path.path, &status) == 0 { return [UInt64(status.st_dev), UInt64(status.st_ino)] }
        guard errno == ENOENT else { throw KeyFile.failure(path, setting, errno) }
        return nil
    }
}
