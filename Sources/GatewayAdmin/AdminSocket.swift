package import GatewayKit
internal import Glibc

/// The file of the admin's Unix socket: for its owner alone, and never another process's.
package struct AdminSocket {
    let path: String

    /// Makes the folder, and removes what a process left that has gone.
    ///
    /// - Throws: ``ModuleError`` where another process listens there, or the path cannot be used.
    init(path: String) throws(ModuleError) {
        self.path = path
        try Self.makeFolder(path)
        if try Self.isLeftOver(path) { unlink(path) }
    }

    /// What a start would fail at with this path; changes nothing.
    ///
    /// - Parameter path: The absolute path.
    /// - Returns: The error, with the code `listen` where somebody listens there, be it the gateway that is asked about; nil for none.
    package static func obstacle(at path: String) -> ModuleError? {
        var folder = parent(path)
        var status = stat()
        while stat(folder, &status) != 0, errno == ENOENT, folder != "/" { folder = parent(folder) }
        // The folders between are made there, or the socket itself.
        guard stat("\(folder)/.", &status) == 0, access(folder, W_OK | X_OK) == 0 else {
            let words = words(errno)
            return error("cannot listen on \(path): \(folder): \(words)", help: "let the gateway's user write there, or name another path")
        }
        do throws(ModuleError) {
            _ = try isLeftOver(path)
            return nil
        } catch {
            return error
        }
    }

    /// Whether a process that has gone left a socket there.
    ///
    /// - Throws: ``ModuleError`` where there is something else, or somebody who listens.
    private static func isLeftOver(_ path: String) throws(ModuleError) -> Bool {
        var status = stat()
        guard lstat(path, &status) == 0 else { return false }
        guard status.st_mode & S_IFMT == S_IFSOCK else {
            throw error("there is something else at \(path)", help: "name another path, or null for no socket")
        }
        switch knock(path) {
        case ECONNREFUSED: return true
        case 0, EAGAIN, EINPROGRESS:
            throw error("another process listens on \(path)", help: "stop it, or name another path", code: .listen)
        case let number:
            throw error("cannot tell who listens on \(path): \(words(number))", help: "remove it, or name another path")
        }
    }

    /// Makes the socket, with no rights for anybody else from the first moment on.
    ///
    /// - Returns: Its descriptor, bound and not listening yet.
    func bind() throws(ModuleError) -> CInt {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw Self.error("cannot make a socket: \(Self.words(errno))", help: "see the limit of open files") }
        // Linux takes the mode of the file from the socket's.
        let isBound = fchmod(descriptor, 0o600) == 0 && Self.withAddress(path) { Glibc.bind(descriptor, $0, $1) } == 0
        guard isBound else {
            let number = errno
            close(descriptor)
            throw Self.error("cannot listen on \(path): \(Self.words(number))", help: "name another path, or null for no socket")
        }
        chmod(path, 0o600)
        return descriptor
    }

    /// Missing folders are made for the owner alone.
    private static func makeFolder(_ path: String) throws(ModuleError) {
        let folder = parent(path)
        var status = stat()
        if stat(folder, &status) == 0 { return }
        try makeFolder(folder)
        guard mkdir(folder, 0o700) == 0 || errno == EEXIST else {
            throw error("cannot make the folder \(folder): \(words(errno))", help: "make it, or name another path")
        }
    }

    /// The folder of an absolute path.
    private static func parent(_ path: String) -> String {
        guard let slash = path.lastIndex(of: "/"), slash > path.startIndex else { return "/" }
        return String(path[..<slash])
    }

    /// The system's answer to a connection that waits for nothing: 0 where somebody listens.
    private static func knock(_ path: String) -> Int32 {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return errno }
        defer { close(descriptor) }
        return withAddress(path) { connect(descriptor, $0, $1) } == 0 ? 0 : errno
    }

    private static func withAddress(_ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        // The settings take no path as long as that.
        let bytes = Array(path.utf8.prefix(MemoryLayout.size(ofValue: address.sun_path) - 1))
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<sockaddr_un>.size)) }
        }
    }

    private static func words(_ number: Int32) -> String { String(cString: strerror(number)) }

    private static func error(_ message: String, help: String, code: DiagnosticCode = .invalidValue) -> ModuleError {
        ModuleError(message, help: help, setting: "socket", code: code)
    }
}
