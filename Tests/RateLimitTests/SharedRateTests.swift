import GatewayKit
import GatewayTestKit
import RateLimitModule
import Testing

struct SharedRateTests {
    private let tester = ModuleTester()

    @Test func `a user's connections share one rate`() throws {
        let limit = try tester.make(RateLimit.self, "{per: user, rate: 1/s, burst: 2}")
        let phone = tester.connect(from: "192.0.2.1", userID: "alice")
        let laptop = tester.connect(from: "192.0.2.2", userID: "alice")
        #expect(limit.publish(phone) == nil)
        #expect(limit.publish(laptop) == nil)
        #expect(limit.publish(phone)?.retryAfter == .seconds(1))
        #expect(limit.publish(tester.connect(userID: "bob")) == nil)
    }

    @Test func `users whose ids only look the same share nothing`() throws {
        let limit = try tester.make(RateLimit.self, "{per: user, rate: 1/s, burst: 1}")
        #expect(limit.publish(tester.connect(userID: "Kim")) == nil)
        #expect(limit.publish(tester.connect(userID: "\u{212A}im")) == nil)
        #expect(limit.publish(tester.connect(userID: "Kim")) != nil)
    }

    @Test func `who has not said who it is has a rate of its own until it has`() throws {
        let limit = try tester.make(RateLimit.self, "{per: user, rate: 1/s, burst: 1}")
        #expect(limit.publish(tester.connect(userID: "alice")) == nil)
        let client = tester.connect()
        #expect(limit.publish(client) == nil)
        #expect(limit.publish(client) != nil)
        client.authenticate(as: Principal(userID: "bob"))
        #expect(limit.publish(client) == nil)
        #expect(limit.publish(tester.connect(userID: "bob")) != nil)
    }

    @Test func `connecting anew brings no new burst`() throws {
        let limit = try tester.make(RateLimit.self, "{per: user, rate: 1/s, burst: 3}")
        for _ in 0..<3 { #expect(limit.publish(tester.connect(userID: "alice")) == nil) }
        for index in 0..<1000 { #expect(limit.publish(tester.connect(userID: "user\(index)")) == nil) }
        #expect(limit.publish(tester.connect(userID: "alice")) != nil)
    }

    @Test(arguments: [
        ("192.0.2.1", "192.0.2.1", true), ("192.0.2.1", "192.0.2.2", false), ("2001:db8::1", "2001:db8::ffff:0:0:2", true),
        ("2001:db8::1", "2001:db8:0:1::1", false), ("192.0.2.1", "::ffff:192.0.2.1", true),
    ])
    func `an address's connections share one rate, IPv6 by its 64 bits`(first: String, second: String, share: Bool) throws {
        let limit = try tester.make(RateLimit.self, "{per: ip, rate: 1/s, burst: 1}")
        #expect(limit.publish(tester.connect(from: first, userID: "alice")) == nil)
        #expect((limit.publish(tester.connect(from: second, userID: "bob")) != nil) == share)
    }

    @Test(arguments: ["connection", "user", "ip"])
    func `a reload keeps the level and brings the new rate`(per: String) throws {
        let client = tester.connect(userID: "alice")
        let before = try tester.make(RateLimit.self, "{per: \(per), rate: 1/h, burst: 3}")
        for _ in 0..<3 { #expect(before.publish(client) == nil) }
        let after = try tester.make(RateLimit.self, "{per: \(per), rate: 2/s, burst: 3}")
        #expect(after.publish(client)?.retryAfter == .milliseconds(500))
    }

    @Test func `two instances count apart`() throws {
        let client = tester.connect(userID: "alice")
        let one = try tester.make(RateLimit.self, "{per: user, rate: 1/s, burst: 1}", instance: "rate_limit/one")
        let two = try tester.make(RateLimit.self, "{per: user, rate: 1/s, burst: 1}", instance: "rate_limit/two")
        #expect(one.publish(client) == nil)
        #expect(two.publish(client) == nil)
    }
}
