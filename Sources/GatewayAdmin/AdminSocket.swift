internal import GatewayKit
internal import Glibc

/// The file of the admin's Unix socket: for its owner alone, and never another process's.
struct AdminSocket {
    let path: String

    /// Makes the folder, and removes what a process left that has gone.
    ///
    /// - Throws: ``ModuleError`` where another process listens there, or the path cannot be used.
    init(path: String) throws(ModuleError) {
        self.path = path
        try Self.makeFolder(path)
        var status = stat()
        guard lstat(path, &status) == 0 else { return }
        guard status.st_mode & S_IFMT == S_IFSOCK else {
            throw Self.error("there is something else at \(path)", help: "name another path, or null for no socket")
        }
        guard !Self.answers(path) else {
            throw Self.error("another gateway listens on \(path)", help: "stop it, or name another path")
        }
        unlink(path)
    }

    /// Binds with no rights for anybody else from the first moment on.
    func bind(_ body: () async throws -> Int) async throws {
        let mask = umask(0o177)
        defer { umask(mask) }
        do {
            _ = try await body()
        } catch {
            throw Self.error("cannot listen on \(path): \(error)", help: "name another path, or null for no socket")
        }
        chmod(path, 0o600)
    }

    /// Missing folders are made for the owner alone.
    private static func makeFolder(_ path: String) throws(ModuleError) {
        guard let slash = path.lastIndex(of: "/"), slash > path.startIndex else { return }
        let folder = String(path[..<slash])
        var status = stat()
        if stat(folder, &status) == 0 { return }
        try makeFolder(folder)
        guard mkdir(folder, 0o700) == 0 || errno == EEXIST else {
            throw error("cannot make the folder \(folder): \(String(cString: strerror(errno)))", help: "make it, or name another path")
        }
    }

    /// Whether a process listens on the socket.
    private static func answers(_ path: String) -> Bool {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        // The settings take no path as long as that.
        guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else { return false }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
            }
        }
    }

    private static func error(_ message: String, help: String) -> ModuleError {
        ModuleError(message, help: help, setting: "admin.socket")
    }
}
