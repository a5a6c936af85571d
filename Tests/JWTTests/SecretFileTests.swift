import Foundation
import GatewayKit
import Logging
import Testing

@testable import JWTModule

struct SecretFileTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func tester(_ file: FilePath, creating: Bool = false) throws -> TokenTester {
        try TokenTester {
            $0.secret = nil
            $0.secretFile = file
            $0.createSecret = creating
        }
    }

    @Test func `a secret is read from a file, without its line feed`() async throws {
        let tester = try tester(try folder.write(TokenTester.secret + "\n"))
        #expect(try await tester.reason(TokenTester.token()) == nil)
        #expect(tester.logs.all.isEmpty)
    }

    @Test func `the first start makes the secret for nobody else to read`() async throws {
        let tester = try tester(folder.file("data/keys/jwt.secret"), creating: true)
        #expect(try folder.mode("data/keys/jwt.secret") == 0o600)
        #expect(try folder.mode("data/keys") == 0o700)
        #expect(try folder.mode("data") == 0o700)
        let secret = try String(contentsOfFile: folder.file("data/keys/jwt.secret").path, encoding: .utf8)
        #expect(secret.count == 64)
        #expect(secret.allSatisfy { $0.isHexDigit && !$0.isUppercase })
        #expect(try await tester.reason(TokenTester.token(secret: secret)) == nil)
        #expect(tester.logs.all.count == 1)
        #expect(tester.logs.all.allSatisfy { !$0.contains(secret) })
    }

    @Test func `the second start finds the secret of the first`() async throws {
        let file = folder.file("jwt.secret")
        let token = try await tester(file, creating: true).issuer.issueToken(subject: "ann", claims: [:], timeToLive: .seconds(60))
        #expect(try await tester(file, creating: true).reason(token) == nil)
        #expect(try await tester(file).reason(token) == nil)
        #expect(try folder.names() == ["jwt.secret"])
    }

    @Test func `many starts at once agree on one secret`() async throws {
        let file = folder.file("jwt.secret")
        let secrets = try await withThrowingTaskGroup(of: [UInt8].self) { group in
            for _ in 0..<16 { group.addTask { try SecretFile.load(file, creating: true, logger: .init(label: "test")) } }
            return try await group.reduce(into: Set<[UInt8]>()) { $0.insert($1) }
        }
        #expect(secrets.count == 1)
        #expect(try folder.names() == ["jwt.secret"])
    }

    @Test func `a file system without links gets its secret too, and never a second one`() throws {
        let file = folder.file("jwt.secret")
        let noLinks = { @Sendable (_: String, _: String) in
            errno = EPERM
            return Int32(-1)
        }
        #expect(try SecretFile.make(file, link: noLinks))
        let secret = try SecretFile.load(file, creating: false, logger: .init(label: "test"))
        #expect(secret.count == 64)
        #expect(try folder.mode("jwt.secret") == 0o600)
        #expect(try !SecretFile.make(file, link: noLinks))
        #expect(try SecretFile.load(file, creating: false, logger: .init(label: "test")) == secret)
        #expect(try folder.names() == ["jwt.secret"])
    }

    @Test func `an existing folder keeps its mode`() throws {
        try FileManager.default.createDirectory(
            atPath: folder.file("open").path, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o755])
        _ = try tester(folder.file("open/jwt.secret"), creating: true)
        #expect(try folder.mode("open") == 0o755)
    }

    @Test func `a file that is not there is an error that says how to make it`() throws {
        let error = try #require(throws: ModuleError.self) { _ = try tester(folder.file("none")) }
        #expect(error.code == .unreadableFile)
        #expect(error.setting == "secret_file")
        #expect(error.help?.contains("create_secret: true") == true)
    }

    @Test func `a file in the way of a folder is an error`() throws {
        let file = try folder.write("x", to: "data")
        let error = try #require(throws: ModuleError.self) { _ = try tester(FilePath("\(file)/jwt.secret"), creating: true) }
        #expect(error.code == .unreadableFile)
    }

    @Test func `a short secret is refused, even where it may be made`() throws {
        let file = try folder.write("0123456789abcdef0123456789abcde\n")
        let error = try #require(throws: ModuleError.self) { _ = try tester(file, creating: true) }
        #expect(error.code == .weakSecret)
        #expect(error.message == "the secret in \(file) has 31 bytes, and needs at least 32")
    }

    @Test func `a secret that every user may read is told`() throws {
        let tester = try tester(try folder.write(TokenTester.secret, mode: 0o604))
        #expect(tester.logs.all.count { $0.hasPrefix("warning") } == 1)
    }
}
