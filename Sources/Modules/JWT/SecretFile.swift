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
    private static func make(_ file: FilePath) throws(ModuleError) -> Bool {
        try PrivateFolder.make(for: file, setting: setting)
        let draft = "\(file.path).\(hexadecimal(bytes: 8)).new"
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw KeyFile.failure(file, setting, errno, verb: "make") }
        defer { unlink(draft) }
        let secret = Array(hexadecimal(bytes: 32).utf8)
        let isWritten = write(descriptor, secret, secret.count) == secret.count && fsync(descriptor) == 0
        let number = errno
        close(descriptor)
        guard isWritten else { throw KeyFile.failure(file, setting, number, verb: "make") }
        // A link never replaces what is there, as a rename would.
        if link(draft, file.path) == 0 { return true }
        guard errno == EEXIST else { throw KeyFile.failure(file, setting, errno, verb: "make") }
        return false
    }

    private static func hexadecimal(bytes count: Int) -> String {
        var random = SystemRandomNumberGenerator()
        return (0..<count).map { _ in
            let byte = UInt8.random(in: .min ... .max, using: &random)
            return (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
    }
}
