import GatewayKit
import GatewayTestKit
import Testing

@testable import AccountsModule

struct LoginTests {
    private let tester: AccountsTester

    init() throws { tester = try AccountsTester() }

    @Test func `a login answers user and tokens, in the order of the document`() async throws {
        let module = try await tester.startWithUser(roles: ["admin", "editor"])
        let answer = try await module.login()
        #expect(answer.status == 200)
        let id = try #require(answer.data?["user"]?["id"]?.string)
        let access = try #require(answer.access)
        let refresh = try #require(answer.refresh)
        #expect(
            answer.text == #"{"success":true,"data":{"user":{"id":"\#(id)","email":"ann@example.com","roles":["admin","editor"],"#
                + #""createdAt":"2026-01-01T00:00:00.000Z"},"accessToken":"\#(access)","refreshToken":"\#(refresh)"}}"#)
        #expect(id.count == 36)
    }

    @Test func `the tokens say who it is, and share a session`() async throws {
        let module = try await tester.startWithUser(roles: ["admin"]) {
            $0.accessTTL = .seconds(60)
            $0.refreshTTL = .seconds(3600)
        }
        let answer = try await module.login()
        let access = try #require(tester.tokens.issued(answer.access))
        let refresh = try #require(tester.tokens.issued(answer.refresh))
        let session = try #require(access.session)
        #expect(access.subject == answer.data?["user"]?["id"]?.string)
        #expect(access.claims == ["email": .string("ann@example.com"), "roles": .array([.string("admin")]), "sid": .string(session)])
        #expect(access.timeToLive == .seconds(60))
        #expect(refresh.subject == access.subject)
        let id = try #require(refresh.claims["jti"])
        #expect(refresh.claims == ["token_use": .string("refresh"), "sid": .string(session), "jti": id])
        #expect(refresh.timeToLive == .seconds(3600))
    }

    @Test func `every login is a session of its own`() async throws {
        let module = try await tester.startWithUser()
        let first = tester.tokens.issued(try await module.login().access)?.session
        let second = tester.tokens.issued(try await module.login().access)?.session
        #expect(first != nil && first != second)
    }

    @Test func `an unknown e-mail and a wrong password have one answer`() async throws {
        let module = try await tester.startWithUser()
        let wrong = try await module.login(AccountsTester.email, "wrong horse")
        #expect(wrong.status == 401)
        #expect(wrong.reason == "invalid_credentials")
        for email in ["bob@example.com", "no address", "ann@example.com\u{0}", "ann@example.com "] {
            let answer = try await module.login(email)
            #expect(answer.status == wrong.status && answer.text == wrong.text && answer.retryAfter == wrong.retryAfter, "\(email)")
        }
    }

    @Test(arguments: ["bob@example.com", "no address"])
    func `an unknown e-mail costs a hash too`(_ email: String) async throws {
        // scrypt takes powers of two alone, so that whoever hashes fails.
        let module = try tester.make(cost: ScryptCost(rounds: 3, blockSize: 1, parallelism: 1))
        try await module.start()
        let error = await #expect(throws: (any Error).self) { try await module.login(email) }
        #expect(!(error is HTTPRefusal))
    }

    @Test func `the case of ASCII letters in the e-mail does not count`() async throws {
        let module = try await tester.startWithUser()
        let answer = try await module.login("ANN@Example.COM")
        #expect(answer.data?["user"]?["email"]?.string == "ann@example.com")
    }

    @Test(arguments: ["", "x", String(repeating: "x", count: 1025), String(repeating: "x", count: 100_000)])
    func `a password that cannot be one is wrong like any other`(_ password: String) async throws {
        let module = try await tester.startWithUser()
        let answer = try await module.login(AccountsTester.email, password)
        #expect(answer.status == 401)
        #expect(answer.reason == "invalid_credentials")
    }

    @Test func `a password of 1024 bytes works, and one more byte is wrong`() async throws {
        let module = try await tester.start()
        let password = String(repeating: "é", count: 512)
        _ = try await tester.administration().add("long@example.com", password: password, roles: [])
        #expect(try await module.login("long@example.com", password).status == 200)
        #expect(try await module.login("long@example.com", password + "x").status == 401)
    }

    @Test(arguments: [
        (#"{}"#, "email", "missing_field"), (#"{"email":"a@b"}"#, "password", "missing_field"),
        (#"{"email":1,"password":"x"}"#, "email", "invalid_field"), (#"{"email":"","password":"x"}"#, "email", "invalid_field"),
        (#"{"email":"a@b","password":null}"#, "password", "invalid_field"),
        (#"{"email":"\#(String(repeating: "x", count: 255))","password":"x"}"#, "email", "invalid_field"),
    ])
    func `a malformed body is 400 and names the field`(_ body: String, _ field: String, _ reason: String) async throws {
        let answer = try await tester.start().post("/api/auth/login", body)
        #expect(answer.status == 400)
        #expect(answer.reason == reason)
        #expect(answer.json?["error"]?["details"]?["field"]?.string == field)
        #expect(answer.json?["error"]?["details"]?["issue"]?.string?.isEmpty == false)
    }

    @Test(arguments: [
        ("", "invalid_json"), ("{", "invalid_json"), ("[]", "invalid_frame"),
        (#"{"email":"a@b","email":"a@b","password":"x"}"#, "duplicate_key"),
    ])
    func `a body that is no object is 400`(_ body: String, _ reason: String) async throws {
        let answer = try await tester.start().post("/api/auth/login", body)
        #expect(answer.status == 400)
        #expect(answer.reason == reason)
    }

    @Test func `a login that overlaps with a change of its user fails`() async throws {
        let module = try await tester.startWithUser()
        tester.tokens.meet(2)
        async let answer = module.login()
        await tester.tokens.waiters(1)
        try await tester.administration().setPassword("another horse", of: AccountsTester.email)
        tester.tokens.disperse()
        #expect(try await answer.status == 401)
    }

    @Test func `beyond the share of an address a login is 503, and another address is served`() async throws {
        let module = try await tester.startWithUser { $0.hashShare = 2 }
        tester.tokens.meet(10)
        async let first = module.login(from: "2001:db8::1")
        async let second = module.login(from: "2001:db8::2")
        await tester.tokens.waiters(2)
        let third = try await module.login(from: "2001:db8::3")
        #expect(third.status == 503)
        #expect(third.reason == "overloaded")
        #expect(third.retryAfter == 1)
        async let other = module.login(from: "2001:db8:0:1::1")
        await tester.tokens.waiters(3)
        tester.tokens.disperse()
        #expect(try await [first.status, second.status, other.status] == [200, 200, 200])
        #expect(try await module.login(from: "2001:db8::3").status == 200)
    }

    @Test func `beyond the queue every login is 503`() async throws {
        let module = try await tester.startWithUser { $0.hashQueue = 1 }
        tester.tokens.meet(10)
        async let first = module.login(from: "192.0.2.1")
        await tester.tokens.waiters(1)
        #expect(try await module.login(from: "192.0.2.2").status == 503)
        tester.tokens.disperse()
        #expect(try await first.status == 200)
    }

    @Test func `a module that does not serve is 503`() async throws {
        let module = try tester.make()
        #expect(try await module.login().status == 503)
        try await module.start()
        await module.stop()
        #expect(try await module.login().status == 503)
    }
}
