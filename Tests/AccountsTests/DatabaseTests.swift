import Foundation
import GRDB
import GatewayKit
import GatewayTestKit
import NIOCore
import Synchronization
import Testing

@testable import AccountsModule

struct DatabaseTests {
    private let tester: AccountsTester

    init() throws { tester = try AccountsTester() }

    @Test func `making the module opens nothing`() throws {
        _ = try tester.make()
        #expect(try tester.folder.names() == [])
    }

    @Test func `the start makes file and folders for nobody else`() async throws {
        let module = try await tester.start { $0.database = tester.folder.file("data/users/accounts.sqlite") }
        #expect(try tester.folder.mode("data") == 0o700)
        #expect(try tester.folder.mode("data/users") == 0o700)
        for file in ["accounts.sqlite", "accounts.sqlite-wal", "accounts.sqlite-shm"] {
            #expect(try tester.folder.mode("data/users/\(file)") == 0o600)
        }
        await module.stop()
    }

    @Test func `a file that others may read is its owner's alone after the start`() async throws {
        let file = tester.settings.database
        #expect(FileManager.default.createFile(atPath: file.path, contents: nil, attributes: [.posixPermissions: 0o644]))
        #expect(chmod(file.path, 0o644) == 0)
        await (try await tester.start()).stop()
        #expect(try tester.folder.mode("accounts.sqlite") == 0o600)
    }

    @Test func `a commit is on the disk when it is answered`() async throws {
        let store = try AccountStore(tester.settings.database)
        let modes = try await store.read { db in
            (try String.fetchOne(db, sql: "PRAGMA journal_mode"), try Int.fetchOne(db, sql: "PRAGMA synchronous"))
        }
        #expect(modes.0 == "wal")
        #expect(modes.1 == 2)
    }

    @Test func `many first starts at once agree on one file`() async throws {
        let file = tester.settings.database
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<16 { group.addTask { try AccountStore(file).close() } }
            try await group.waitForAll()
        }
        #expect(try await count("users") == 0)
    }

    @Test func `neither passwords nor tokens are in the file`() async throws {
        let module = try await tester.startWithUser()
        let token = try #require(try await module.login().refresh)
        await module.stop()
        let files = try tester.folder.names().map { try Data(contentsOf: URL(fileURLWithPath: "\(tester.folder.path)/\($0)")) }
        let stored = files.reduce(Data(), +)
        #expect(stored.range(of: Data(AccountsTester.email.utf8)) != nil)
        #expect(stored.range(of: Data(AccountsTester.password.utf8)) == nil)
        #expect(stored.range(of: Data(token.utf8)) == nil)
    }

    @Test func `users and sessions are there after a restart`() async throws {
        let before = try await tester.startWithUser(roles: ["admin"])
        let login = try await before.login()
        await before.stop()
        let module = try await tester.start()
        #expect(try await module.login().data?["user"] == login.data?["user"])
        #expect(try await module.refresh(login.refresh).status == 200)
    }

    @Test func `a file that is no database is an error at the setting`() async throws {
        try Data("this is no database, and long enough to be read as a header of one".utf8).write(
            to: URL(fileURLWithPath: tester.settings.database.path))
        let error = await #expect(throws: ModuleError.self) { try await tester.start() }
        #expect(error?.setting == "database")
        #expect(error?.message.contains("accounts.sqlite") == true)
    }

    @Test func `a folder that cannot be made is an error at the setting`() async throws {
        try Data().write(to: URL(fileURLWithPath: tester.folder.file("data").path))
        let error = await #expect(throws: ModuleError.self) {
            try await tester.start { $0.database = tester.folder.file("data/accounts.sqlite") }
        }
        #expect(error?.setting == "database")
    }

    @Test func `another process may write meanwhile`() async throws {
        let module = try await tester.startWithUser()
        let other = try AccountStore(tester.settings.database)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<20 {
                group.addTask {
                    let status = try await module.login(from: "192.0.2.\(number)").status
                    #expect(status == 200)
                }
                group.addTask { try await other.write { try $0.execute(sql: "UPDATE users SET roles = '[]'") } }
            }
            try await group.waitForAll()
        }
    }

    @Test func `a change counts from when the database is its own, so that no token is younger than it and older in truth`() async throws {
        _ = try await tester.startWithUser()
        let other = try DatabaseQueue(path: tester.settings.database.path)
        let readings = Mutex<[Bool]>([])
        let administration = try AccountAdministration(
            tester.settings,
            clock: GatewayClock(
                monotonic: { .uptimeNanoseconds(0) },
                wall: {
                    let isFree = (try? other.write { try $0.execute(sql: "UPDATE users SET revision = revision") }) != nil
                    readings.withLock { $0.append(isFree) }
                    return Timestamp(milliseconds: 0)
                }), cost: AccountsTester.cheap)
        try await administration.setRoles([], of: AccountsTester.email)
        try await administration.setPassword("another horse", of: AccountsTester.email)
        try await administration.remove(AccountsTester.email)
        #expect(readings.withLock { $0 } == [false, false, false])
    }

    @Test func `a database that was moved away is not used, until it is back`() async throws {
        let module = try await tester.startWithUser()
        let refresh = try await module.login().refresh
        let (path, elsewhere) = (tester.settings.database.path, tester.folder.file("elsewhere").path)
        #expect(rename(path, elsewhere) == 0)
        for answer in [try await module.login(), try await module.refresh(refresh), try await module.logout(refresh)] {
            #expect(answer.status == 503 && answer.retryAfter == 5)
        }
        // Another one in its place is not the one that was opened.
        #expect(FileManager.default.createFile(atPath: path, contents: nil))
        #expect(try await module.login().status == 503)
        await module.service.deliverPending()
        #expect(rename(elsewhere, path) == 0)
        #expect(try await module.refresh(refresh).status == 200)
        #expect(tester.log.lines.filter { $0.message.contains("moved, replaced or deleted") }.count == 1)
        #expect(tester.log.lines.contains { $0.message.contains("is back") })
    }

    @Test func `sessions that have ended by themselves are cleared away`() async throws {
        let module = try await tester.startWithUser { $0.refreshTTL = .seconds(60) }
        for _ in 0..<5 { _ = try await module.login() }
        // The access tokens are still good.
        tester.clock.advance(by: .seconds(60))
        _ = try await module.login()
        #expect(try await count("sessions") == 6)
        tester.clock.advance(by: .seconds(15 * 60 + 600))
        _ = try await module.login()
        #expect(try await count("sessions") == 1)
        #expect(try await count("refresh_tokens") == 1)
    }

    @Test func `a user has at most 100 sessions and 32 known addresses, the newest`() async throws {
        let module = try await tester.startWithUser()
        let used = try await module.login()
        let first = try await module.login()
        let second = try await module.login().refresh
        tester.clock.advance(by: .seconds(1))
        let usedToken = try await module.refresh(used.refresh).refresh
        for number in 0..<98 {
            tester.clock.advance(by: .seconds(1))
            _ = try await module.login(from: "192.0.2.\(number)")
        }
        #expect(try await count("sessions") == 100)
        #expect(try await count("known_addresses") == 32)
        // The one that was not used for the longest time has ended, with its access tokens.
        #expect(tester.tokens.revoked.map(\.tokens) == [.session(try #require(tester.tokens.issued(first.access)?.session))])
        #expect(try await module.refresh(first.refresh).status == 401)
        #expect(try await module.refresh(second).status == 200)
        #expect(try await module.refresh(usedToken).status == 200)
    }

    @Test func `used tokens of a session are kept up to a bound`() async throws {
        let module = try await tester.startWithUser()
        let token = try await module.login().refresh
        let store = try AccountStore(tester.settings.database)
        let far = AccountStore.maxUsedTokens + 1
        try await store.write { db in
            try db.execute(sql: "UPDATE sessions SET token_number = ?", arguments: [far])
            try db.execute(sql: "UPDATE refresh_tokens SET number = ?", arguments: [far])
            try db.execute(
                sql: """
                    INSERT INTO refresh_tokens (digest, session_id, number, expires_at) SELECT x'01', session_id, 1, expires_at FROM refresh_tokens
                        UNION ALL SELECT x'02', session_id, 2, expires_at FROM refresh_tokens
                    """)
        }
        _ = try await module.refresh(token)
        #expect(try await count("refresh_tokens") == 3)
    }

    private func count(_ table: String) async throws -> Int? {
        let store = try AccountStore(tester.settings.database)
        return try await store.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM \(table)") }
    }
}
