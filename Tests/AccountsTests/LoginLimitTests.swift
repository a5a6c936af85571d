import GatewayKit
import GatewayTestKit
import Testing

@testable import AccountsModule

struct LoginLimitTests {
    private let tester: AccountsTester

    init() throws { tester = try AccountsTester() }

    @Test(arguments: [AccountsTester.email, "bob@example.com", "no address"])
    func `the 11th failed try of a minute for one address and e-mail is 429`(_ email: String) async throws {
        let module = try await tester.startWithUser()
        for _ in 0..<10 {
            #expect(try await module.login(email, "wrong").status == 401)
            tester.clock.advance(by: .seconds(5))
        }
        let answer = try await module.login(email, "wrong")
        #expect(answer.status == 429)
        #expect(answer.reason == "rate_limited")
        #expect(answer.retryAfter == 10)
    }

    @Test func `what is refused does not hash, and the right password waits too`() async throws {
        let module = try await tester.startWithUser()
        for _ in 0..<10 { _ = try await module.login(AccountsTester.email, "wrong") }
        #expect(module.service.threads.runCount == 10)
        #expect(try await module.login().status == 429)
        #expect(module.service.threads.runCount == 10)
        tester.clock.advance(by: .seconds(60))
        #expect(try await module.login().status == 200)
        #expect(module.service.threads.runCount == 11)
    }

    @Test func `one address does not use up what an e-mail has`() async throws {
        let module = try await tester.startWithUser()
        var failed = 0
        for _ in 0..<600 {
            if try await module.login(AccountsTester.email, "wrong").status == 401 { failed += 1 }
            tester.clock.advance(by: .seconds(6))
        }
        #expect((29...34).contains(failed))
        for number in 0..<20 {
            #expect(try await module.login(AccountsTester.email, "wrong", from: "198.51.100.\(number)").status == 401)
        }
    }

    @Test func `where many addresses used up what an e-mail has, another one still has a few tries`() async throws {
        let module = try await tester.startWithUser()
        for number in 0..<100 { _ = try await module.login(AccountsTester.email, "wrong", from: "192.0.2.\(number)") }
        #expect(try await module.login(from: "198.51.100.1").status == 200)
        for _ in 0..<3 { #expect(try await module.login(AccountsTester.email, "wrong", from: "198.51.100.2").status == 401) }
        #expect(try await module.login(from: "198.51.100.2").status == 429)
    }

    @Test func `the owner's addresses are known after a new password`() async throws {
        let module = try await tester.startWithUser()
        #expect(try await module.login(from: "198.51.100.1").status == 200)
        try await tester.administration().setPassword("another horse", of: AccountsTester.email)
        for number in 0..<100 { _ = try await module.login(AccountsTester.email, "wrong", from: "192.0.2.\(number)") }
        for _ in 0..<4 { _ = try await module.login(AccountsTester.email, "wrong", from: "198.51.100.1") }
        #expect(try await module.login(AccountsTester.email, "another horse", from: "198.51.100.1").status == 200)
    }

    @Test func `the case of the e-mail is no way round`() async throws {
        let module = try await tester.startWithUser()
        for _ in 0..<10 { _ = try await module.login("Ann@Example.com", "wrong") }
        #expect(try await module.login().status == 429)
    }

    @Test func `another address and another e-mail are not touched`() async throws {
        let module = try await tester.startWithUser()
        for _ in 0..<10 { _ = try await module.login(AccountsTester.email, "wrong") }
        #expect(try await module.login(from: "192.0.2.2").status == 200)
        #expect(try await module.login("bob@example.com", "wrong").status == 401)
    }

    @Test func `the addresses of an IPv6 64 are one`() async throws {
        let module = try await tester.startWithUser()
        for number in 0..<10 { _ = try await module.login(AccountsTester.email, "wrong", from: "2001:db8::\(number)") }
        #expect(try await module.login(from: "2001:db8::ffff").status == 429)
    }

    @Test func `a successful login does not count`() async throws {
        let module = try await tester.startWithUser()
        for _ in 0..<9 { _ = try await module.login(AccountsTester.email, "wrong") }
        for _ in 0..<50 { #expect(try await module.login().status == 200) }
        #expect(try await module.login(AccountsTester.email, "wrong").status == 401)
        #expect(try await module.login(AccountsTester.email, "wrong").status == 429)
    }

    @Test func `many tries at once are no way round`() async throws {
        let module = try await tester.startWithUser { $0.hashShare = 1000 }
        let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<50 { group.addTask { try await module.login(AccountsTester.email, "wrong").status } }
            return try await group.reduce(into: [Int: Int]()) { $0[$1, default: 0] += 1 }
        }
        #expect(statuses == [401: 10, 429: 40])
    }

    @Test func `the 101st failed try of a minute from one address is 429`() async throws {
        let module = try await tester.startWithUser()
        for number in 0..<100 { #expect(try await module.login("user\(number)@example.com", "wrong").status == 401) }
        #expect(try await module.login("another@example.com", "wrong").status == 429)
        #expect(try await module.login("another@example.com", "wrong", from: "192.0.2.2").status == 401)
    }

    @Test func `many addresses together are limited by the e-mail, and an address of the owner is not`() async throws {
        let module = try await tester.startWithUser()
        #expect(try await module.login(from: "198.51.100.1").status == 200)
        for number in 0..<100 { _ = try await module.login(AccountsTester.email, "wrong", from: "192.0.2.\(number)") }
        for address in ["192.0.2.200", "192.0.2.201"] {
            for _ in 0..<3 { _ = try await module.login(AccountsTester.email, "wrong", from: address) }
        }
        let refused = try await module.login(AccountsTester.email, "wrong", from: "192.0.2.200")
        #expect(refused.status == 429)
        #expect(refused.retryAfter == 60)
        #expect(try await module.login(from: "198.51.100.1").status == 200)
        tester.clock.advance(by: .seconds(60))
        #expect(try await module.login(AccountsTester.email, "wrong", from: "192.0.2.200").status == 401)
        #expect(try await module.login(AccountsTester.email, "wrong", from: "192.0.2.201").status == 429)
    }

    @Test func `an unknown e-mail is limited alike`() async throws {
        let module = try await tester.start()
        for number in 0..<100 { _ = try await module.login("bob@example.com", "wrong", from: "192.0.2.\(number)") }
        for _ in 0..<3 { #expect(try await module.login("bob@example.com", "wrong", from: "192.0.2.200").status == 401) }
        #expect(try await module.login("bob@example.com", "wrong", from: "192.0.2.200").status == 429)
    }

    @Test func `the owner's addresses are known after a restart`() async throws {
        let before = try await tester.startWithUser()
        #expect(try await before.login(from: "198.51.100.1").status == 200)
        await before.stop()
        let module = try await tester.start()
        for number in 0..<100 { _ = try await module.login(AccountsTester.email, "wrong", from: "192.0.2.\(number)") }
        for address in ["198.51.100.1", "198.51.100.2"] {
            for _ in 0..<4 { _ = try await module.login(AccountsTester.email, "wrong", from: address) }
        }
        #expect(try await module.login(from: "198.51.100.1").status == 200)
        #expect(try await module.login(from: "198.51.100.2").status == 429)
    }

    @Test func `a reload carries the counts over`() async throws {
        let before = try await tester.startWithUser()
        for _ in 0..<10 { _ = try await before.login(AccountsTester.email, "wrong") }
        #expect(try await tester.start().login().status == 429)
    }

    @Test func `a try that is not answered does not count`() async throws {
        // Not a power of two: whoever hashes fails.
        let module = try tester.make(cost: ScryptCost(rounds: 3, blockSize: 1, parallelism: 1))
        try await module.start()
        for _ in 0..<20 {
            let error = await #expect(throws: (any Error).self) { try await module.login("bob@example.com", "wrong") }
            #expect(!(error is HTTPRefusal))
        }
    }
}
