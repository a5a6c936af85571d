import Foundation
import GRDB
import GatewayKit
import GatewayTestKit
import Logging
import Testing

@testable import JWTModule

/// What may be wrong with the file, and what is safe in it.
struct RevocationFileTests {
    private let folder: TemporaryFolder
    private let logs = LogLines()
    private var file: FilePath { folder.file("revocations.sqlite") }

    init() throws { folder = try TemporaryFolder() }

    private func store() -> RevocationStore {
        let logs = logs
        let logger = Logger(label: "test") { _ in CollectingLogHandler(lines: logs) }
        return RevocationStore(file, clock: ManualClock().gatewayClock, logger: logger)
    }

    /// What the start says.
    private func failure() async -> ModuleError? {
        let store = store()
        return await #expect(throws: ModuleError.self) { try await store.start() }
    }

    /// A file with a hundred revocations.
    private func make() async throws {
        let store = store()
        for number in 0..<100 { try await store.revoke(Revocation(.token("\(number)"))) }
        await store.stop()
    }

    private func change(_ sql: String) throws {
        let database = try DatabaseQueue(path: file.path)
        try database.write { try $0.execute(sql: sql) }
        try database.close()
    }

    @Test(arguments: [
        "", "this is no database, and long enough to be taken for the head of one: 0123456789 0123456789 0123456789 0123456789",
    ])
    func `a file that is no database stops the start, with a cure`(_ text: String) async throws {
        _ = try folder.write(text, to: "revocations.sqlite")
        let error = await failure()
        #expect(error?.setting == "revocations")
        #expect(error?.code == .unreadableFile)
        #expect(error?.message.hasPrefix("cannot read the revocations in \(file): ") == true)
        #expect(error?.help?.contains("move it away") == true)
        let store = store()
        await #expect(throws: ModuleError.self) { try await store.revoke(Revocation(.token("t"))) }
        #expect(try String(contentsOfFile: file.path, encoding: .utf8) == text)
    }

    @Test(arguments: ["PRAGMA application_id = 1", "PRAGMA user_version = 99", "UPDATE revocation SET kind = 'other' WHERE value = '50'"])
    func `a database of something else or of a later gateway stops the start`(_ sql: String) async throws {
        try await make()
        try change(sql)
        #expect(await failure()?.setting == "revocations")
    }

    @Test(arguments: [4096, 6000, 8192]) func `a file that was cut off stops the start`(_ count: Int) async throws {
        try await make()
        let bytes = try Data(contentsOf: URL(fileURLWithPath: file.path))
        try #require(bytes.count > count)
        try bytes.prefix(count).write(to: URL(fileURLWithPath: file.path))
        #expect(await failure()?.help?.contains("backup") == true)
    }

    @Test func `a damaged page stops the start`() async throws {
        try await make()
        var bytes = try Data(contentsOf: URL(fileURLWithPath: file.path))
        bytes.replaceSubrange(4096..<4160, with: Data(repeating: 0xFF, count: 64))
        try bytes.write(to: URL(fileURLWithPath: file.path))
        #expect(await failure()?.setting == "revocations")
    }

    @Test func `a write is merged with what another process wrote after the last look`() throws {
        try RevocationFilePlace.make(file)
        var first = try #require(try RevocationFile.find(file))
        var second = try #require(try RevocationFile.find(file))
        #expect(try first.readNew() == [])
        let late = RevocationRecord(Revocation(.user("ann", issuedUntil: Timestamp(milliseconds: 5000))))
        let other = RevocationRecord(Revocation(.token("t1")))
        #expect(try second.write([late]) == [late])
        #expect(try second.write([other]) == [other])
        let early = RevocationRecord(Revocation(.user("ann", issuedUntil: Timestamp(milliseconds: 1000))))
        #expect(try first.write([early]) == [late, other, late])
        #expect(try first.readNew() == [])
        #expect(try second.readNew() == [late])
    }

    @Test func `a folder in its place stops the start`() async throws {
        try FileManager.default.createDirectory(atPath: file.path, withIntermediateDirectories: false)
        #expect(await failure()?.code == .unreadableFile)
    }

    @Test func `a file that goes away under the gateway is told, once, and nothing is said to be kept`() async throws {
        let store = store()
        try await store.revoke(Revocation(.token("t1")))
        try FileManager.default.removeItem(atPath: file.path)
        await store.poll()
        await store.poll()
        #expect(logs.all.count { $0.hasPrefix("error") && $0.contains("was moved, replaced or deleted") } == 1)
        await #expect(throws: ModuleError.self) { try await store.revoke(Revocation(.token("t2"))) }
        #expect(store.isRevoked(Principal(userID: "ann", tokenID: "t1")))
    }

    @Test func `neither a start nor signing makes the file`() async throws {
        let file = file
        let tester = try TokenTester { $0.revocations = file }
        try await tester.module.start()
        _ = try await tester.issuer.issueToken(subject: "ann", claims: [:], timeToLive: .seconds(60))
        await tester.module.stop()
        #expect(try folder.names() == [])
    }

    @Test func `a module that was never started can revoke, and the next one knows`() async throws {
        let file = file
        let claims = #"{"sub":"ann","exp":1800000900,"jti":"t1"}"#
        let offline = try TokenTester { $0.revocations = file }
        try await offline.revocations.revoke(Revocation(.token("t1")))
        #expect(try await offline.reason(claims: claims) == .revoked)
        await offline.module.stop()
        let tester = try TokenTester { $0.revocations = file }
        try await tester.module.start()
        #expect(try await tester.reason(claims: claims) == .revoked)
        #expect(try await tester.reason(claims: #"{"sub":"ann","exp":1800000900,"jti":"t2"}"#) == nil)
        await tester.module.stop()
    }

    @Test func `revoked is the last of the reasons`() async throws {
        let file = file
        let tester = try TokenTester { $0.revocations = file }
        try await tester.revocations.revoke(Revocation(.token("t1")))
        #expect(try await tester.reason(claims: #"{"sub":"ann","exp":1700000000,"jti":"t1"}"#) == .expired)
        #expect(try await tester.reason(claims: #"{"sub":"ann","exp":1800000900,"jti":"t1","token_use":"refresh"}"#) == .wrongTokenUse)
        #expect(try await tester.reason(claims: #"{"exp":1800000900,"jti":"t1"}"#) == .missingSubject)
        #expect(try await tester.reason(claims: #"{"sub":"ann","exp":1800000900,"jti":"t1"}"#) == .revoked)
    }

    @Test func `a token signed by a private key is revoked like any other`() async throws {
        var settings = JWTSettings()
        settings.algorithms = [.edDSA]
        settings.privateKey = try folder.write(TestKeys.ed25519, to: "key.pem")
        settings.revocations = file
        let tester = try TokenTester(settings)
        let token = try await tester.issuer.issueToken(subject: "ann", claims: [:], timeToLive: .seconds(60))
        #expect(try await tester.reason(token) == nil)
        try await tester.revocations.revoke(Revocation(.user("ann", issuedUntil: Timestamp(milliseconds: TokenTester.now * 1000))))
        #expect(try await tester.reason(token) == .revoked)
    }
}
