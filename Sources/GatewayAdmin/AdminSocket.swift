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
        switch Self.knock(path) {
        case ECONNREFUSED: unlink(path)
        case 0, EAGAIN, EINPROGRESS:
            throw Self.error("another gateway listens on \(path)", help: "stop it, or set admin.socket to another path")
        case let number:
            throw Self.error("cannot tell who listens on \(path): \(Self.words(number))", help: "remove it, or name another path")
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
        guard let slash = path.lastIndex(of: "/"), slash > path.startIndex else { return }
        let folder = String(path[..<slash])
        var status = stat()
        if stat(folder, &status) == 0 { return }
        try makeFolder(folder)
        guard mkdir(folder, 0o700) == 0 || errno == EEXIST else {
            throw error("cannot make the folder \(folder): \(words(errno))", help: "make it, or name another path")
        }
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

    private static func error(_ message: String, help: String) -> ModuleError {
        ModuleError(message, help: help, setting: "admin.socket")
    }
}
