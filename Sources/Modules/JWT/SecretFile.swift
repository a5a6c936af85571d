import GatewayKit
import Logging

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A file with a secret, which may be made at the first start.
enum SecretFile {
    private static let setting = "secret_file"

    /// The secret in a file; one line feed at its end does not count.
    ///
    /// - Parameters:
    ///   - file: The file.
    ///   - creating: Whether it is made, with its folders, where it is not there.
    ///   - logger: Told of a new secret, and of one that every user may read.
    /// - Returns: The bytes of the secret.
    /// - Throws: ``ModuleError`` where the file can be neither read nor made, or is too short.
    static func load(_ file: FilePath, creating: Bool, logger: Logger) throws(ModuleError) -> [UInt8] {
        var found = try KeyFile.readIfThere(file, setting: setting)
        if found == nil {
            guard creating else {
                throw ModuleError(
                    "cannot read \(file): there is no such file", help: "make it with: openssl rand -hex 32, or add create_secret: true",
                    setting: setting, code: .unreadableFile)
            }
            if try make(file) { logger.notice("made a new secret for tokens", metadata: ["file": "\(file)"]) }
            // Another process may have been first: what lies there now counts.
            found = try KeyFile.read(file, setting: setting)
        }
        guard let found else { throw KeyFile.failure(file, setting, ENOENT) }
        if found.isWorldReadable {
            logger.warning("the secret can be read by every user of the machine; chmod 600 helps", metadata: ["file": "\(file)"])
        }
        let secret = found.bytes.last == UInt8(ascii: "\n") ? found.bytes.dropLast() : found.bytes[...]
        guard secret.count >= JWTSettings.minSecretBytes else {
            throw ModuleError(
                "the secret in \(file) has \(secret.count) bytes, and needs at least \(JWTSettings.minSecretBytes)",
                help: "make one with: openssl rand -hex 32", setting: setting, code: .weakSecret)
        }
        return Array(secret)
    }

    /// Makes the file, whole or not at all; false where another process was first.
    ///
    /// A test has its own `link`.
    static func make(_ file: FilePath, link: (String, String) -> Int32 = { link($0, $1) }) throws(ModuleError) -> Bool {
        try PrivateFolder.make(for: file, setting: setting)
        let secret = Array(hexadecimal(bytes: 32).utf8)
        let draft = "\(file.path).\(hexadecimal(bytes: 8)).new"
        defer { unlink(draft) }
        let number = create(draft, with: secret)
        guard number == 0 else { throw KeyFile.failure(file, setting, number, verb: "make") }
        // A link never replaces what is there, as a rename would.
        if link(draft, file.path) == 0 { return true }
        if errno == EEXIST { return false }
        // Some file systems have no links. Then a process that starts in the same instant may find a secret too short, and says so.
        let second = create(file.path, with: secret)
        if second == EEXIST { return false }
        guard second == 0 else { throw KeyFile.failure(file, setting, second, verb: "make") }
        return true
    }

    /// Writes a file that is not there yet; answers the system's error number, or 0.
    private static func create(_ path: String, with bytes: [UInt8]) -> Int32 {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return errno }
        defer { close(descriptor) }
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                let number = count < 0 ? errno : EIO
                unlink(path)
                return number
            }
            rest = rest.dropFirst(count)
        }
        return fsync(descriptor) == 0 ? 0 : errno
    }

    private static func hexadecimal(bytes count: Int) -> String {
        var random = SystemRandomNumberGenerator()
        return (0..<count).map { _ in
            let byte = UInt8.random(in: .min ... .max, using: &random)
            return (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
    }
}
