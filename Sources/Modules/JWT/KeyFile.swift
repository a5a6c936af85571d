import GatewayKit

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A file with a secret or a key, read whole.
struct KeyFile: Sendable {
    private static let maxBytes = 1 << 20

    let bytes: [UInt8]
    /// Whether every user of the machine may read it.
    let isWorldReadable: Bool

    /// Reads a file.
    ///
    /// - Throws: ``ModuleError`` that names the file and what the system says.
    static func read(_ file: FilePath, setting: String) throws(ModuleError) -> KeyFile {
        guard let found = try readIfThere(file, setting: setting) else { throw failure(file, setting, ENOENT) }
        return found
    }

    /// Reads a file; nil where there is none.
    ///
    /// - Throws: ``ModuleError`` that names the file and what the system says.
    static func readIfThere(_ file: FilePath, setting: String) throws(ModuleError) -> KeyFile? {
        // Without O_NONBLOCK, opening a pipe would wait for ever.
        let descriptor = open(file.path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw failure(file, setting, errno)
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw failure(file, setting, errno) }
        guard status.st_mode & S_IFMT != S_IFDIR else { throw failure(file, setting, EISDIR) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = chunk.withUnsafeMutableBytes { Self.read(descriptor, $0) }
            guard count >= 0 else { throw failure(file, setting, errno) }
            if count == 0 { break }
            bytes += chunk.prefix(count)
            guard bytes.count <= maxBytes else { throw failure(file, setting, EFBIG) }
        }
        return KeyFile(bytes: bytes, isWorldReadable: status.st_mode & S_IROTH != 0)
    }

    /// The error for a file, with what the system says of a number.
    static func failure(_ file: FilePath, _ setting: String, _ number: Int32, verb: String = "read") -> ModuleError {
        let help =
            switch number {
            case ENOENT: "name a file that is there; a relative path starts at the folder of the configuration file"
            case EACCES, EPERM: "let the user read it that runs the gateway"
            case EISDIR: "name a file, not its folder"
            default: "is it the right file?"
            }
        return ModuleError(
            "cannot \(verb) \(file): \(String(cString: strerror(number)))", help: help, setting: setting, code: .unreadableFile)
    }

    private static func read(_ descriptor: Int32, _ buffer: UnsafeMutableRawBufferPointer) -> Int {
        while true {
            #if canImport(Glibc)
            let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
            #elseif canImport(Musl)
            let count = Musl.read(descriptor, buffer.baseAddress, buffer.count)
            #else
            let count = Darwin.read(descriptor, buffer.baseAddress, buffer.count)
            #endif
            if count >= 0 || errno != EINTR { return count }
        }
    }
}
