import GatewayKit

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Folders for files that are nobody else's business.
enum PrivateFolder {
    /// Makes the folders of a file that are missing, for nobody but this user.
    ///
    /// - Throws: ``ModuleError`` with what the system says.
    static func make(for file: FilePath, setting: String) throws(ModuleError) {
        var path = file.path.hasPrefix("/") ? "" : "."
        for name in file.path.split(separator: "/").dropLast() {
            path += "/\(name)"
            if mkdir(path, 0o700) == 0 { continue }
            let number = errno
            // Some systems refuse to make what is there for other reasons than that.
            if access(path, F_OK) != 0 { throw KeyFile.failure(FilePath(path), setting, number, verb: "make") }
        }
    }

    /// Why this user can neither use nor make a file, as far as can be told without doing it; nil where nothing speaks against it.
    ///
    /// - Parameters:
    ///   - file: The file.
    ///   - setting: What names it.
    ///   - isDatabase: Whether it is written, and others beside it, also where it is there already.
    /// - Returns: What the system says.
    static func obstacle(toMaking file: FilePath, setting: String, isDatabase: Bool = false) -> ModuleError? {
        var status = stat()
        if stat(file.path, &status) == 0 {
            guard isDatabase else { return nil }
            if status.st_mode & S_IFMT == S_IFDIR { return KeyFile.failure(file, setting, EISDIR) }
            if access(file.path, R_OK | W_OK) != 0 { return KeyFile.failure(file, setting, errno, verb: "write") }
        }
        // A folder that is not there is made in the next one up.
        var folder = file.path
        repeat {
            folder = folder.lastIndex(of: "/").map { String(folder[..<$0]) } ?? ""
        } while !folder.isEmpty && access(folder, F_OK) != 0 && errno == ENOENT
        // The search goes by the slash, so a file in place of a folder is none either.
        guard access(folder + "/", W_OK | X_OK) == 0 else {
            let text = String(cString: strerror(errno))
            return ModuleError(
                "cannot make \(file): \(folder.isEmpty ? "/" : folder): \(text)",
                help: "let the gateway's user write there, or name another file",
                setting: setting, code: .unreadableFile)
        }
        return nil
    }
}
