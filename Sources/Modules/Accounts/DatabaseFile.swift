import GRDB
import GatewayKit
import Logging

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Opens a SQLite file that nobody else on the machine may read.
enum DatabaseFile {
    /// How long a process waits for the other one: the gateway and `gateway user` may both write.
    private static let busyTimeout = 5.0

    /// Opens the file; makes it, and its folders, where there is none.
    ///
    /// - Throws: ``ModuleError`` that names the file and what the system or SQLite says.
    static func open(_ file: FilePath, _ logger: Logger? = nil) throws(ModuleError) -> DatabaseQueue {
        try make(file, logger)
        var configuration = Configuration()
        configuration.label = "accounts"
        configuration.journalMode = .wal
        configuration.busyMode = .timeout(busyTimeout)
        do {
            let queue = try DatabaseQueue(path: file.path, configuration: configuration)
            // What was answered is on the disk; GRDB's choice for WAL loses the last commits with the power.
            try queue.writeWithoutTransaction { db in
                try db.execute(sql: "PRAGMA synchronous = FULL")
                try Migrations.run(db)
            }
            return queue
        } catch {
            throw failure(file, "\(error)")
        }
    }

    /// Which file lies there; nil where there is none.
    static func identity(_ file: FilePath) -> [UInt64]? {
        var status = stat()
        return stat(file.path, &status) == 0 ? [UInt64(status.st_dev), UInt64(status.st_ino)] : nil
    }

    /// Why this user can neither open nor make the file, as far as can be told without doing it; nil where nothing speaks against it.
    static func obstacle(to file: FilePath) -> ModuleError? {
        var status = stat()
        if stat(file.path, &status) == 0 {
            if status.st_mode & S_IFMT == S_IFDIR { return failure(file, "it is a folder") }
            if access(file.path, R_OK | W_OK) != 0 { return failure(file, String(cString: strerror(errno))) }
        }
        // SQLite makes files beside it. A folder that is not there is made in the next one up.
        var folder = file.path
        repeat {
            folder = folder.lastIndex(of: "/").map { String(folder[..<$0]) } ?? ""
        } while !folder.isEmpty && access(folder, F_OK) != 0 && errno == ENOENT
        // The search goes by the slash, so a file in place of a folder is none either.
        guard access(folder + "/", W_OK | X_OK) == 0 else {
            let text = String(cString: strerror(errno))
            return ModuleError(
                "cannot write \(file): \(folder.isEmpty ? "/" : folder): \(text)",
                help: "let the gateway's user write there, or name another file",
                setting: "database", code: .unreadableFile)
        }
        return nil
    }

    /// SQLite would make the file readable for all; its companions get the mode of the file.
    private static func make(_ file: FilePath, _ logger: Logger?) throws(ModuleError) {
        var path = ""
        for name in file.path.split(separator: "/").dropLast() {
            path += "/\(name)"
            if mkdir(path, 0o700) == 0 { continue }
            let number = errno
            // Some systems refuse to make what is there for other reasons than that.
            if access(path, F_OK) != 0 { throw failure(FilePath(path), String(cString: strerror(number))) }
        }
        let descriptor = Self.open(file.path, O_RDWR | O_CREAT | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw failure(file, String(cString: strerror(errno))) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & 0o077 != 0 else { return }
        guard fchmod(descriptor, 0o600) == 0 else { throw failure(file, String(cString: strerror(errno))) }
        logger?.warning("others could open the database, which is its owner's alone now", metadata: ["file": "\(file)"])
    }

    private static func open(_ path: String, _ flags: Int32) -> Int32 {
        #if canImport(Glibc)
        Glibc.open(path, flags, 0o600)
        #elseif canImport(Musl)
        Musl.open(path, flags, 0o600)
        #else
        Darwin.open(path, flags, 0o600)
        #endif
    }

    private static func failure(_ file: FilePath, _ text: String) -> ModuleError {
        ModuleError(
            "cannot open \(file): \(text)", help: "let the gateway's user read and write it, or name another file", setting: "database",
            code: .unreadableFile)
    }
}
