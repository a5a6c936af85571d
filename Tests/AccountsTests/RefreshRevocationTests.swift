import GatewayKit
import GatewayTestKit
import Testing

@testable import AccountsModule

/// What is revoked while a refresh is under way.
struct RefreshRevocationTests {
    private let tester: AccountsTester

    init() throws { tester = try AccountsTester() }

    @Test(arguments: ["jti", "sid", "user"])
    func `a refresh that is under way while its token is revoked is 401, and its login is over`(by: String) async throws {
        let module = try await tester.startWithUser()
        let login = try await module.login()
        let issued = try #require(tester.tokens.issued(login.refresh))
        tester.tokens.meet(2)
        async let pending = module.refresh(login.refresh)
        await tester.tokens.waiters(1)
        let tokens: Revocation.Tokens =
            switch by {
            case "jti": .token(try #require(issued.claims["jti"]?.string))
            case "sid": .session(try #require(issued.session))
            default: .user(issued.subject, issuedUntil: tester.clock.timestamp)
            }
        try await tester.tokens.revoke(Revocation(tokens))
        tester.tokens.disperse()
        let answer = try await pending
        #expect(answer.status == 401)
        #expect(answer.reason == "revoked")
        let session = try #require(issued.session)
        #expect(tester.tokens.revoked.map(\.tokens).last == .session(session))
    }

    @Test func `new roles that are handed over during a refresh do not end the session`() async throws {
        let module = try await tester.startWithUser(roles: ["admin"])
        let login = try await module.login()
        let administration = try tester.administration()
        try await administration.setRoles(["editor"], of: AccountsTester.email)
        tester.tokens.meet(2)
        async let pending = module.refresh(login.refresh)
        await tester.tokens.waiters(1)
        try await administration.deliverRevocations(to: tester.tokens)
        tester.tokens.disperse()
        #expect(try await pending.status == 200)
    }
}
