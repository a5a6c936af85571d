import GatewayKit
import GatewayTestKit
import Testing

@testable import AccountsModule

struct RefreshTests {
    private let tester: AccountsTester

    init() throws { tester = try AccountsTester() }

    /// What makes the tokens of the session worthless that a login began now.
    private func revocation(of answer: Answer) throws -> Revocation {
        let session = try #require(tester.tokens.issued(answer.access)?.session)
        return Revocation(.session(session), expiresAt: tester.clock.timestamp.advanced(by: .seconds(15 * 60 + 600)))
    }

    @Test func `a refresh answers a new pair of the same session`() async throws {
        let module = try await tester.startWithUser(roles: ["admin"])
        let login = try await module.login()
        let answer = try await module.refresh(login.refresh)
        let access = try #require(answer.access)
        let refresh = try #require(answer.refresh)
        #expect(answer.status == 200)
        #expect(answer.text == #"{"success":true,"data":{"accessToken":"\#(access)","refreshToken":"\#(refresh)"}}"#)
        #expect(tester.tokens.issued(access)?.session == tester.tokens.issued(login.access)?.session)
        #expect(tester.tokens.issued(access)?.claims["roles"] == .array([.string("admin")]))
        #expect(tester.tokens.issued(refresh)?.claims["token_use"] == .string("refresh"))
        #expect(refresh != login.refresh)
        #expect(tester.tokens.revoked.isEmpty)
    }

    @Test func `refreshes go on from token to token`() async throws {
        let module = try await tester.startWithUser()
        var token = try await module.login().refresh
        for _ in 0..<20 {
            let answer = try await module.refresh(token)
            #expect(answer.status == 200)
            token = answer.refresh
            tester.clock.advance(by: .seconds(1))
        }
    }

    @Test func `a session is refreshed 10 times at once and then once a second, and others are not touched`() async throws {
        let module = try await tester.startWithUser()
        let other = try await module.login().refresh
        var token = try await module.login().refresh
        for _ in 0..<10 { token = try await module.refresh(token).refresh }
        let refused = try await module.refresh(token)
        #expect(refused.status == 429)
        #expect(refused.reason == "rate_limited")
        #expect(refused.retryAfter == 1)
        #expect(try await module.refresh(other).status == 200)
        tester.clock.advance(by: .seconds(1))
        #expect(try await module.refresh(token).status == 200)
    }

    @Test func `after a user is revoked a refresh is 401, and the session is over`() async throws {
        let module = try await tester.startWithUser()
        let login = try await module.login()
        let id = try #require(tester.tokens.issued(login.access)?.subject)
        try await tester.tokens.revoke(Revocation(.user(id, issuedUntil: tester.clock.timestamp)))
        tester.clock.advance(by: .seconds(1))
        let answer = try await module.refresh(login.refresh)
        #expect(answer.status == 401)
        #expect(answer.reason == "revoked")
        #expect(try tester.tokens.revoked.contains { try $0.tokens == revocation(of: login).tokens })
        let next = try await module.login()
        #expect(try await module.refresh(next.refresh).status == 200)
    }

    @Test func `after a session is revoked a refresh is 401`() async throws {
        let module = try await tester.startWithUser()
        let (login, other) = (try await module.login(), try await module.login())
        try await tester.tokens.revoke(revocation(of: login))
        #expect(try await module.refresh(login.refresh).reason == "revoked")
        #expect(try await module.refresh(other.refresh).status == 200)
    }

    @Test func `a refresh token that was revoked by its jti is a bad one, and its login is over`() async throws {
        let module = try await tester.startWithUser()
        let (login, other) = (try await module.login(), try await module.login())
        let next = try await module.refresh(login.refresh)
        let ids = [login, next, other].map { tester.tokens.issued($0.refresh)?.claims["jti"]?.string }
        #expect(Set(ids).count == 3 && !ids.contains(nil))
        try await tester.tokens.revoke(Revocation(.token(try #require(ids[1]))))
        let answer = try await module.refresh(next.refresh)
        #expect(answer.status == 401)
        #expect(answer.reason == "revoked")
        #expect(try tester.tokens.revoked.map(\.tokens).last == revocation(of: login).tokens)
        #expect(try await module.refresh(other.refresh).status == 200)
    }

    @Test func `new roles do not bring a revoked session back`() async throws {
        let module = try await tester.startWithUser()
        let login = try await module.login()
        let id = try #require(tester.tokens.issued(login.access)?.subject)
        try await tester.tokens.revoke(Revocation(.user(id, issuedUntil: tester.clock.timestamp)))
        tester.clock.advance(by: .seconds(1))
        let administration = try tester.administration()
        try await administration.setRoles(["editor"], of: AccountsTester.email)
        try await administration.deliverRevocations(to: tester.tokens)
        #expect(try await module.refresh(login.refresh).status == 401)
    }

    @Test func `a revocation after new roles holds`() async throws {
        let module = try await tester.startWithUser()
        let login = try await module.login()
        let id = try #require(tester.tokens.issued(login.access)?.subject)
        let administration = try tester.administration()
        try await administration.setRoles(["editor"], of: AccountsTester.email)
        try await administration.deliverRevocations(to: tester.tokens)
        tester.clock.advance(by: .seconds(1))
        try await tester.tokens.revoke(Revocation(.user(id, issuedUntil: tester.clock.timestamp)))
        #expect(try await module.refresh(login.refresh).reason == "revoked")
    }

    @Test func `a token that comes again ends the session for all`() async throws {
        let module = try await tester.startWithUser()
        let login = try await module.login()
        let other = try await module.login()
        let next = try await module.refresh(login.refresh)
        let again = try await module.refresh(login.refresh)
        #expect(again.status == 401)
        #expect(again.reason == "revoked")
        #expect(try Set(tester.tokens.revoked) == [revocation(of: login)])
        #expect(try await module.refresh(next.refresh).status == 401)
        #expect(try await module.refresh(other.refresh).status == 200)
    }

    @Test func `an old token of a session is recognized too`() async throws {
        let module = try await tester.startWithUser()
        let login = try await module.login()
        var token = login.refresh
        for _ in 0..<5 { token = try await module.refresh(token).refresh }
        #expect(try await module.refresh(login.refresh).reason == "revoked")
        #expect(try await module.refresh(token).status == 401)
    }

    @Test func `of two refreshes at the same moment one wins at most, and the session is over`() async throws {
        let module = try await tester.startWithUser()
        let login = try await module.login()
        // Both have found the token to be good before either of them writes.
        tester.tokens.meet(2)
        async let left = module.refresh(login.refresh)
        async let right = module.refresh(login.refresh)
        let answers = try await [left, right]
        // The winner may still be told that the loser has ended the session.
        #expect([[200, 401], [401, 401]].contains(answers.map(\.status).sorted()))
        #expect(answers.first { $0.status == 401 }?.reason == "revoked")
        #expect(try Set(tester.tokens.revoked) == [revocation(of: login)])
        if let next = answers.compactMap(\.refresh).first { #expect(try await module.refresh(next).status == 401) }
    }

    @Test func `of many refreshes at the same moment one wins at most`() async throws {
        let module = try await tester.startWithUser()
        for _ in 0..<10 {
            let token = try await module.login().refresh
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<10 { group.addTask { try await module.refresh(token).status } }
                return try await group.reduce(into: [Int: Int]()) { $0[$1, default: 0] += 1 }
            }
            #expect([[200: 1, 401: 9], [401: 10]].contains(statuses))
        }
    }

    @Test func `of two processes one at most finds that it was first`() async throws {
        let one = try await tester.startWithUser()
        let other = try await tester.start()
        let token = try await one.login().refresh
        tester.tokens.meet(2)
        async let left = one.refresh(token)
        async let right = other.refresh(token)
        #expect([[200, 401], [401, 401]].contains(try await [left.status, right.status].sorted()))
    }

    @Test(arguments: ["nobody's", "token-0"])
    func `an unknown token is 401`(_ token: String) async throws {
        let module = try await tester.startWithUser()
        let answer = try await module.refresh(token)
        #expect(answer.status == 401)
        #expect(answer.reason == "invalid_credentials")
        #expect(tester.tokens.revoked.isEmpty)
    }

    @Test func `an access token is no refresh token`() async throws {
        let module = try await tester.startWithUser()
        #expect(try await module.refresh(module.login().access).status == 401)
    }

    @Test func `a token ends with its time, and each refresh begins a new one`() async throws {
        let module = try await tester.startWithUser { $0.refreshTTL = .seconds(100) }
        var token = try await module.login().refresh
        for _ in 0..<3 {
            tester.clock.advance(by: .milliseconds(99_999))
            token = try await module.refresh(token).refresh
            #expect(token != nil)
        }
        tester.clock.advance(by: .seconds(100))
        #expect(try await module.refresh(token).reason == "expired")
    }

    @Test func `a refresh gives the roles of now`() async throws {
        let module = try await tester.startWithUser(roles: ["admin"])
        let token = try await module.login().refresh
        try await tester.administration().setRoles(["editor"], of: AccountsTester.email)
        try await tester.administration().deliverRevocations(to: tester.tokens)
        let answer = try await module.refresh(token)
        #expect(answer.status == 200)
        #expect(tester.tokens.issued(answer.access)?.claims["roles"] == .array([.string("editor")]))
    }

    @Test func `roles that change during a refresh are in its token`() async throws {
        let module = try await tester.startWithUser(roles: ["admin"])
        let token = try await module.login().refresh
        tester.tokens.meet(2)
        async let pending = module.refresh(token)
        await tester.tokens.waiters(1)
        try await tester.administration().setRoles(["editor"], of: AccountsTester.email)
        tester.tokens.disperse()
        let answer = try await pending
        #expect(answer.status == 200)
        #expect(tester.tokens.issued(answer.access)?.claims["roles"] == .array([.string("editor")]))
    }

    @Test func `a revocation that cannot be kept is an error, and is made up for at the next start`() async throws {
        let module = try await tester.startWithUser()
        let login = try await module.login()
        _ = try await module.refresh(login.refresh)
        tester.tokens.fail(true)
        await #expect(throws: FakeTokens.Unkept.self) { try await module.refresh(login.refresh) }
        tester.tokens.fail(false)
        #expect(tester.tokens.revoked.isEmpty)
        await module.stop()
        _ = try await tester.start()
        #expect(try Set(tester.tokens.revoked) == [revocation(of: login)])
        _ = try await tester.start()
        #expect(tester.tokens.revoked.count == 1)
    }

    @Test func `after a restart the tokens work, and used ones are recognized`() async throws {
        let before = try await tester.startWithUser()
        let first = try await before.login()
        let second = try await before.refresh(first.refresh)
        await before.stop()
        let module = try await tester.start()
        let third = try await module.refresh(second.refresh)
        #expect(third.status == 200)
        #expect(try await module.refresh(first.refresh).reason == "revoked")
        #expect(try await module.refresh(third.refresh).status == 401)
    }

    @Test(arguments: [
        (#"{}"#, "missing_field"), (#"{"refreshToken":7}"#, "invalid_field"), (#"{"refreshToken":""}"#, "invalid_field"),
        (#"{"refreshToken":"\#(String(repeating: "x", count: 8193))"}"#, "invalid_field"),
    ])
    func `a malformed body is 400 and names the field`(_ body: String, _ reason: String) async throws {
        let module = try await tester.start()
        for path in ["/api/auth/refresh", "/api/auth/logout"] {
            let answer = try await module.post(path, body)
            #expect(answer.status == 400)
            #expect(answer.reason == reason)
            #expect(answer.json?["error"]?["details"]?["field"]?.string == "refreshToken")
        }
    }
}
