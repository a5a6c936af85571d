import Foundation
import GatewayKit
import GatewayTestKit
import Logging
import Synchronization
import Testing

@testable import JWTModule

struct RevocationStoreTests {
    private let folder: TemporaryFolder
    private let clock = ManualClock()
    private let logs = LogLines()
    private var file: FilePath { folder.file("data/revocations.sqlite") }
    private let ann = Principal(userID: "ann", issuedAt: Timestamp(milliseconds: 1000), tokenID: "t1")

    init() throws { folder = try TemporaryFolder() }

    private func store(maxRecords: Int = 100) -> RevocationStore {
        let logs = logs
        return RevocationStore(
            file, clock: clock.gatewayClock, logger: Logger(label: "test") { _ in CollectingLogHandler(lines: logs) },
            maxRecords: maxRecords)
    }

    private func started() async throws -> RevocationStore {
        let store = store()
        try await store.start()
        return store
    }

    // MARK: What is revoked

    @Test func `a token is revoked by its id and no other is`() async throws {
        let store = store()
        try await store.revoke(Revocation(.token("t1")))
        #expect(store.isRevoked(ann))
        #expect(!store.isRevoked(Principal(userID: "ann", tokenID: "t2")))
        #expect(!store.isRevoked(Principal(userID: "t1", claims: ["sid": .string("t1")])))
    }

    @Test func `the tokens of a login are revoked by its id`() async throws {
        let store = store()
        try await store.revoke(Revocation(.session("s1")))
        #expect(store.isRevoked(Principal(userID: "ann", claims: ["sid": .string("s1")], tokenID: "t9")))
        #expect(!store.isRevoked(Principal(userID: "s1", claims: ["sid": .string("s2")], tokenID: "s1")))
    }

    @Test func `the tokens of a user are revoked up to a time, and those without a time`() async throws {
        let store = store()
        let time = Timestamp(milliseconds: 5000)
        try await store.revoke(Revocation(.user("ann", issuedUntil: time)))
        #expect(store.isRevoked(Principal(userID: "ann", issuedAt: time)))
        #expect(store.isRevoked(Principal(userID: "ann")))
        #expect(!store.isRevoked(Principal(userID: "ann", issuedAt: Timestamp(milliseconds: 5001))))
        #expect(!store.isRevoked(Principal(userID: "bob", tokenID: "ann")))
    }

    @Test func `an earlier time takes nothing back`() async throws {
        let store = store()
        for milliseconds in [5000, 1000] as [Int64] {
            try await store.revoke(Revocation(.user("ann", issuedUntil: Timestamp(milliseconds: milliseconds))))
        }
        await store.stop()
        let late = Principal(userID: "ann", issuedAt: Timestamp(milliseconds: 4000))
        #expect(store.isRevoked(late))
        #expect(try await started().isRevoked(late))
    }

    @Test(arguments: [String(repeating: "x", count: 8193), "a\0b"])
    func `an id that cannot be kept as it is is refused`(_ id: String) async throws {
        let store = store()
        await #expect(throws: ModuleError.self) { try await store.revoke(Revocation(.token(id))) }
    }

    @Test func `many at once are kept, those that are known or have expired aside`() async throws {
        let store = store(maxRecords: 10_000)
        let told = Mutex<[Revocation]>([])
        let many = (0..<2500).map { Revocation(.token("t\($0)")) }
        try await store.revoke(many[7])
        store.observe { revocation in told.withLock { $0.append(revocation) } }
        let old = Revocation(.token("old"), expiresAt: clock.timestamp.advanced(by: .seconds(-3600)))
        try await store.revoke([old] + many + many)
        #expect(told.withLock { $0 } == many.filter { $0 != many[7] })
        #expect(Set(await store.current()) == Set(many))
        await store.stop()
        #expect(Set(await (try started()).current()) == Set(many))
    }

    @Test func `what cannot be kept keeps nothing else from being kept`() async throws {
        let store = store(maxRecords: 3)
        try await store.revoke(Revocation(.user("ann", issuedUntil: Timestamp(milliseconds: 1000))))
        let later = Revocation(.user("ann", issuedUntil: Timestamp(milliseconds: 5000)))
        let tokens = (0..<5).map { Revocation(.token("t\($0)")) }
        await #expect(throws: ModuleError.self) { try await store.revoke([Revocation(.token("a\0b"))] + tokens + [later]) }
        #expect(Set(await store.current()) == [tokens[0], tokens[1], later])
    }

    @Test func `what has expired is not in force any more`() async throws {
        let store = store()
        try await store.revoke(Revocation(.token("t1"), expiresAt: clock.timestamp.advanced(by: .seconds(60))))
        try await store.revoke(Revocation(.session("s1")))
        clock.advance(by: .seconds(3600))
        #expect(await store.current() == [Revocation(.session("s1"))])
    }

    // MARK: The file

    @Test func `it is made by the first revocation, for nobody else to read`() async throws {
        let store = try await started()
        await store.poll()
        #expect(try folder.names() == [])
        try await store.revoke(Revocation(.token("t1")))
        #expect(try folder.mode("data") == 0o700)
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.file("data").path) {
            #expect(try folder.mode("data/\(name)") == 0o600, "\(name)")
        }
        await store.stop()
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.file("data").path) == ["revocations.sqlite"])
    }

    @Test func `everything stands again after a restart`() async throws {
        let store = store()
        try await store.revoke(Revocation(.token("t1"), expiresAt: clock.timestamp.advanced(by: .seconds(60))))
        try await store.revoke(Revocation(.session("s1")))
        try await store.revoke(Revocation(.user("bob", issuedUntil: Timestamp(milliseconds: 5000))))
        await store.stop()
        let next = try await started()
        #expect(next.isRevoked(ann))
        #expect(next.isRevoked(Principal(userID: "eve", claims: ["sid": .string("s1")])))
        #expect(next.isRevoked(Principal(userID: "bob", issuedAt: Timestamp(milliseconds: 5000))))
        #expect(!next.isRevoked(Principal(userID: "bob", issuedAt: Timestamp(milliseconds: 5001))))
    }

    @Test func `two processes see what the other one revokes`() async throws {
        let (first, second) = (try await started(), try await started())
        let told = Mutex<[Revocation]>([])
        second.observe { revocation in told.withLock { $0.append(revocation) } }
        // Made by the other one, after this one has looked for it.
        try await first.revoke(Revocation(.token("t1")))
        await second.poll()
        #expect(second.isRevoked(ann))
        let expiry = clock.timestamp.advanced(by: .seconds(60))
        try await second.revoke(Revocation(.session("s1")))
        try await first.revoke(Revocation(.user("bob", issuedUntil: Timestamp(milliseconds: 5000)), expiresAt: expiry))
        await first.poll()
        await second.poll()
        #expect(first.isRevoked(Principal(userID: "eve", claims: ["sid": .string("s1")])))
        #expect(second.isRevoked(Principal(userID: "bob")))
        let wanted = [
            Revocation(.token("t1")), Revocation(.session("s1")),
            Revocation(.user("bob", issuedUntil: Timestamp(milliseconds: 5000)), expiresAt: expiry),
        ]
        #expect(told.withLock { $0 } == wanted)
    }

    @Test func `what another process wrote is not undone by an earlier time`() async throws {
        let (first, second) = (try await started(), try await started())
        try await first.revoke(Revocation(.user("ann", issuedUntil: Timestamp(milliseconds: 5000))))
        try await second.revoke(Revocation(.user("ann", issuedUntil: Timestamp(milliseconds: 1000))))
        let late = Principal(userID: "ann", issuedAt: Timestamp(milliseconds: 4000))
        #expect(second.isRevoked(late))
        #expect(try await started().isRevoked(late))
    }

    @Test func `many processes make one file at once and nothing is lost`() async throws {
        let stores = (0..<8).map { _ in store() }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, store) in stores.enumerated() {
                group.addTask { for number in 0..<5 { try await store.revoke(Revocation(.token("\(index)-\(number)"))) } }
            }
            try await group.waitForAll()
        }
        for store in stores { await store.stop() }
        let next = try await started()
        for index in 0..<8 {
            for number in 0..<5 { #expect(next.isRevoked(Principal(userID: "ann", tokenID: "\(index)-\(number)"))) }
        }
        #expect(!(try folder.names()).contains { $0.hasSuffix(".new") })
    }

    // MARK: The end of revocations

    @Test func `what has expired is dropped, once no leeway can let it in`() async throws {
        let store = try await started()
        try await store.revoke(Revocation(.token("t1"), expiresAt: clock.timestamp.advanced(by: .seconds(60))))
        try await store.revoke(Revocation(.token("for good")))
        clock.advance(by: .seconds(359))
        await store.poll()
        #expect(store.isRevoked(ann))
        clock.advance(by: .seconds(61))
        await store.poll()
        #expect(!store.isRevoked(ann))
        #expect(store.isRevoked(Principal(userID: "ann", tokenID: "for good")))
        await store.stop()
        clock.advance(by: .seconds(-420))
        #expect(!(try await started()).isRevoked(ann))
    }

    @Test func `there is a most that is kept, and what has expired makes room`() async throws {
        let store = store(maxRecords: 2)
        let expiry = clock.timestamp.advanced(by: .seconds(60))
        try await store.revoke(Revocation(.token("t1"), expiresAt: expiry))
        try await store.revoke(Revocation(.token("t2"), expiresAt: expiry))
        try await store.revoke(Revocation(.token("t2"), expiresAt: expiry.advanced(by: .seconds(1))))
        await #expect(throws: ModuleError.self) { try await store.revoke(Revocation(.token("t3"))) }
        #expect(!store.isRevoked(Principal(userID: "ann", tokenID: "t3")))
        clock.advance(by: .seconds(400))
        try await store.revoke(Revocation(.token("t3")))
        #expect(store.isRevoked(Principal(userID: "ann", tokenID: "t3")))
    }

    @Test func `who observes is told after it is in force, and not of what changes nothing`() async throws {
        let store = store()
        let told = Mutex<[Bool]>([])
        store.observe { [weak store, ann] _ in told.withLock { $0.append(store?.isRevoked(ann) ?? false) } }
        try await store.revoke(Revocation(.token("t1")))
        try await store.revoke(Revocation(.token("t1")))
        #expect(told.withLock { $0 } == [true])
    }
}
