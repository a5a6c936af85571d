import GatewayKit
import GatewayTestKit
import Testing

@testable import AccountsModule

struct ExampleUserTests {
    private let tester: AccountsTester

    init() throws { tester = try AccountsTester() }

    private func start(_ hasExample: Bool = true) async throws -> Accounts {
        try await tester.start({ $0.exampleUser = hasExample }, isLoopback: true)
    }

    @Test func `on loopback the document's user can log in`() async throws {
        let module = try await start()
        #expect(try await module.login("user@example.com", "password123").status == 200)
    }

    @Test(arguments: ["localhost", "LOCALHOST:3000", "127.0.0.1", "127.0.0.1:80", "[::1]", "[::1]:3000"])
    func `it can where the request is for this machine`(_ host: String) async throws {
        #expect(try await start().login("user@example.com", "password123", host: host).status == 200)
    }

    @Test(arguments: [
        nil, "", "evil.example", "localhost.evil.example", "127.0.0.1.evil.example:3000", "[::1", "[::1].evil.example", "localhost:80.x",
    ])
    func `a page whose name was bound to this machine gets the answer to a wrong password`(_ host: String?) async throws {
        let module = try await start()
        let wrong = try await module.login("user@example.com", "wrong")
        let answer = try await module.login("user@example.com", "password123", host: host)
        #expect(answer.status == 401)
        #expect(answer.text == wrong.text)
        #expect(module.service.threads.runCount == 3)
    }

    @Test func `elsewhere it is refused, with what to write`() throws {
        var settings = tester.settings
        settings.exampleUser = true
        let error = #expect(throws: ModuleError.self) { try tester.make(settings, isLoopback: false) }
        #expect(error?.setting == "example_user")
        #expect(error?.help?.contains("example_user: false") == true)
    }

    @Test func `without the setting there is no user`() async throws {
        let module = try await start(false)
        #expect(try await module.login("user@example.com", "password123").status == 401)
    }

    @Test func `a second start finds the user of the first`() async throws {
        let first = try await start()
        let id = try await first.login("user@example.com", "password123").data?["user"]?["id"]
        await first.stop()
        let answer = try await start().login("user@example.com", "password123")
        #expect(id != nil && answer.data?["user"]?["id"] == id)
    }

    @Test func `a later start without the setting removes the user and revokes its tokens`() async throws {
        let first = try await start()
        let login = try await first.login("user@example.com", "password123")
        let id = try #require(tester.tokens.issued(login.access)?.subject)
        await first.stop()
        let module = try await tester.start()
        #expect(try await module.login("user@example.com", "password123").status == 401)
        #expect(try await module.refresh(login.refresh).status == 401)
        #expect(tester.tokens.revoked == [Revocation(.user(id, issuedUntil: tester.clock.timestamp))])
    }

    @Test func `a user of that e-mail that somebody added stays as it is`() async throws {
        _ = try await tester.administration().add("user@example.com", password: "another password", roles: [])
        #expect(try await start().login("user@example.com", "password123").status == 401)
        #expect(try await start(false).login("user@example.com", "another password").status == 200)
    }

    @Test func `the user with another password is an example no more`() async throws {
        await (try start()).stop()
        try await tester.administration().setPassword("another password", of: "user@example.com")
        #expect(try await start(false).login("user@example.com", "another password").status == 200)
    }
}
