import GatewayKit
import GatewayTestKit
import Testing

@testable import AccountsModule

struct AdministrationTests {
    private let tester: AccountsTester
    private let administration: AccountAdministration

    init() throws {
        tester = try AccountsTester()
        administration = try tester.administration()
    }

    private func add(_ email: String = AccountsTester.email, roles: [String] = []) async throws -> String {
        try await administration.add(email, password: AccountsTester.password, roles: roles)
    }

    @Test func `users are listed by e-mail`() async throws {
        let bob = try await add("bob@example.com", roles: ["admin", "editor", "admin"])
        let ann = try await add("Ann@Example.com")
        let users = try await administration.users()
        #expect(users.map(\.id) == [ann, bob])
        #expect(users.map(\.email) == ["ann@example.com", "bob@example.com"])
        #expect(users.map(\.roles) == [[], ["admin", "editor"]])
        #expect(users.map(\.createdAt) == [tester.clock.timestamp, tester.clock.timestamp])
    }

    @Test(arguments: ["ann@example.com", "ANN@EXAMPLE.COM"])
    func `an e-mail stands once`(_ email: String) async throws {
        _ = try await add()
        let error = await #expect(throws: ModuleError.self) { try await add(email) }
        #expect(error?.message == "there is a user ann@example.com already")
        #expect(try await administration.users().count == 1)
    }

    @Test(arguments: ["", "ann", "@example.com", "ann@", "a@b@c", "ann @example.com", "ann@example.com\n", "a\u{0}@b"])
    func `what is no e-mail is refused`(_ email: String) async throws {
        await #expect(throws: ModuleError.self) { try await add(email) }
        await #expect(throws: ModuleError.self) { try await administration.remove(email) }
    }

    @Test func `an e-mail has at most 254 bytes`() async throws {
        _ = try await add(String(repeating: "x", count: 242) + "@example.com")
        await #expect(throws: ModuleError.self) { try await add(String(repeating: "x", count: 243) + "@example.com") }
    }

    @Test(arguments: [0, 7, 1025])
    func `a new password has 8 to 1024 bytes`(_ count: Int) async throws {
        _ = try await add()
        let password = String(repeating: "x", count: count)
        let error = await #expect(throws: ModuleError.self) {
            try await administration.add("bob@example.com", password: password, roles: [])
        }
        #expect(error?.message == "the password has \(count) bytes")
        await #expect(throws: ModuleError.self) { try await administration.setPassword(password, of: AccountsTester.email) }
    }

    @Test(arguments: [[""], ["two words"], ["a\u{7}"], [String(repeating: "x", count: 65)], (0..<33).map { "role\($0)" }])
    func `what is no role, and too many, are refused`(_ roles: [String]) async throws {
        await #expect(throws: ModuleError.self) { try await add(roles: roles) }
        #expect(try await administration.users().isEmpty)
    }

    @Test func `an unknown e-mail is an error`() async throws {
        let errors = [
            await #expect(throws: ModuleError.self) { try await administration.remove("bob@example.com") },
            await #expect(throws: ModuleError.self) { try await administration.setPassword("password", of: "bob@example.com") },
            await #expect(throws: ModuleError.self) { try await administration.setRoles(["x"], of: "bob@example.com") },
        ]
        #expect(errors.allSatisfy { $0?.message == "there is no user bob@example.com" })
    }

    @Test func `a removed user can do nothing any more`() async throws {
        let module = try await tester.start()
        let id = try await add()
        let login = try await module.login()
        tester.clock.advance(by: .seconds(1))
        try await administration.remove(AccountsTester.email)
        try await administration.deliverRevocations(to: tester.tokens)
        #expect(try await module.login().status == 401)
        #expect(try await module.refresh(login.refresh).status == 401)
        #expect(tester.tokens.revoked == [Revocation(.user(id, issuedUntil: tester.clock.timestamp))])
        #expect(try await administration.users().isEmpty)
    }

    @Test func `a new password ends all sessions`() async throws {
        let module = try await tester.start()
        let id = try await add()
        let login = try await module.login()
        try await administration.setPassword("another horse", of: AccountsTester.email)
        try await administration.deliverRevocations(to: tester.tokens)
        #expect(try await module.login().status == 401)
        #expect(try await module.login(AccountsTester.email, "another horse").status == 200)
        #expect(try await module.refresh(login.refresh).status == 401)
        #expect(tester.tokens.revoked == [Revocation(.user(id, issuedUntil: tester.clock.timestamp))])
    }

    @Test func `new roles revoke tokens and leave the session`() async throws {
        let module = try await tester.start()
        let id = try await add()
        let login = try await module.login()
        try await administration.setRoles(["editor"], of: AccountsTester.email)
        try await administration.deliverRevocations(to: tester.tokens)
        #expect(tester.tokens.revoked == [Revocation(.user(id, issuedUntil: tester.clock.timestamp))])
        #expect(try await module.refresh(login.refresh).status == 200)
        #expect(try await administration.users().first?.roles == ["editor"])
    }

    @Test func `a running gateway hands over what a verb could not, and one that fails does not stop the others`() async throws {
        let module = try await tester.start()
        let (ann, bob) = (try await add(), try await add("bob@example.com"))
        try await administration.remove(AccountsTester.email)
        try await administration.remove("bob@example.com")
        tester.tokens.fail(true, for: ann)
        await #expect(throws: FakeTokens.Unkept.self) { try await administration.deliverRevocations(to: tester.tokens) }
        #expect(tester.tokens.revoked == [Revocation(.user(bob, issuedUntil: tester.clock.timestamp))])
        tester.tokens.fail(false)
        await module.service.deliverPending()
        #expect(tester.tokens.revoked.last == Revocation(.user(ann, issuedUntil: tester.clock.timestamp)))
    }

    @Test func `a revocation that was not handed over is, at the next start`() async throws {
        let id = try await add()
        try await administration.remove(AccountsTester.email)
        administration.close()
        _ = try await tester.start()
        #expect(tester.tokens.revoked == [Revocation(.user(id, issuedUntil: tester.clock.timestamp))])
    }
}
