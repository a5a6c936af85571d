import GatewayKit
import GatewayTestKit
import Testing

@testable import AccountsModule

struct LogoutTests {
    private let tester: AccountsTester

    init() throws { tester = try AccountsTester() }

    @Test func `a logout ends the session and revokes its tokens until the last has expired`() async throws {
        let module = try await tester.startWithUser { $0.accessTTL = .seconds(60) }
        let login = try await module.login()
        tester.clock.advance(by: .seconds(30))
        let next = try await module.refresh(login.refresh)
        let issued = tester.clock.timestamp
        tester.clock.advance(by: .seconds(10))
        let answer = try await module.logout(next.refresh)
        #expect(answer.status == 200)
        #expect(answer.text == #"{"success":true,"data":{}}"#)
        let session = try #require(tester.tokens.issued(login.access)?.session)
        #expect(tester.tokens.revoked == [Revocation(.session(session), expiresAt: issued.advanced(by: .seconds(60 + 600)))])
        #expect(try await module.refresh(next.refresh).status == 401)
    }

    @Test func `a shorter life of new tokens does not shorten what is remembered of old ones`() async throws {
        let before = try await tester.startWithUser { $0.accessTTL = .seconds(3600) }
        let login = try await before.login()
        let start = tester.clock.timestamp
        await before.stop()
        let module = try await tester.start { $0.accessTTL = .seconds(60) }
        _ = try await module.logout(module.refresh(login.refresh).refresh)
        #expect(tester.tokens.revoked.first?.expiresAt == start.advanced(by: .seconds(3600 + 600)))
    }

    @Test func `other sessions of the user go on`() async throws {
        let module = try await tester.startWithUser()
        let other = try await module.login()
        _ = try await module.logout(module.login().refresh)
        #expect(try await module.refresh(other.refresh).status == 200)
    }

    @Test func `a used token ends its session too`() async throws {
        let module = try await tester.startWithUser()
        let login = try await module.login()
        let next = try await module.refresh(login.refresh)
        #expect(try await module.logout(login.refresh).status == 200)
        #expect(try await module.refresh(next.refresh).status == 401)
    }

    @Test func `a second logout and an unknown token are answered alike`() async throws {
        let module = try await tester.startWithUser()
        let token = try await module.login().refresh
        let first = try await module.logout(token)
        for token in [token, "nobody's"] {
            let answer = try await module.logout(token)
            #expect(answer.status == 200 && answer.text == first.text)
        }
        #expect(tester.tokens.revoked.count == 1)
    }

    @Test func `a logout whose revocation cannot be kept is an error, and the next one makes up for it`() async throws {
        let module = try await tester.startWithUser()
        let token = try await module.login().refresh
        tester.tokens.fail(true)
        await #expect(throws: FakeTokens.Unkept.self) { try await module.logout(token) }
        tester.tokens.fail(false)
        #expect(try await module.logout(token).status == 200)
        #expect(tester.tokens.revoked.count == 1)
    }
}
