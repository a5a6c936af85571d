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
}
