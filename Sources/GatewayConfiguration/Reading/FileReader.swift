import Foundation

/// Reads small files whole.
enum FileReader {
    /// Why a file cannot be read.
    enum Failure: Error {
        case system(Int32)
        case tooLong
        case noRegularFile

        /// In the system's words where it has some: `No such file or directory`.
        var text: String {
            switch self {
            case .system(let code): String(cString: strerror(code))
            case .tooLong: "it is too long"
            case .noRegularFile: "it is no regular file"
            }
        }
    }

    /// Reads a file.
    ///
    /// - Parameters:
    ///   - path: Where it is.
    ///   - limit: How many bytes it may have.
    ///   - isRegular: Whether pipes and devices are refused, on which reading may wait for ever.
    /// - Returns: The bytes.
    /// - Throws: What the system says, or what is wrong with the file.
    static func read(_ path: String, limit: Int, isRegular: Bool) throws(Failure) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | (isRegular ? O_NONBLOCK : 0))
        guard descriptor >= 0 else { throw .system(errno) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .system(errno) }
        if status.st_mode & S_IFMT == S_IFDIR { throw .system(EISDIR) }
        if isRegular, status.st_mode & S_IFMT != S_IFREG { throw .noRegularFile }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = Foundation.read(descriptor, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .system(errno) }
            if count == 0 { return bytes }
            bytes += chunk[..<count]
            if bytes.count > limit { throw .tooLong }
        }
    }

    /// The absolute folder of a file.
    static func folder(of file: String) -> String {
        let absolute = file.hasPrefix("/") ? file : "\(FileManager.default.currentDirectoryPath)/\(file)"
        return URL(fileURLWithPath: absolute).standardizedFileURL.deletingLastPathComponent().path
    }
}
