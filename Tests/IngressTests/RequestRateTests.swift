import GatewayKit
import GatewayTestKit
import NIOCore
import Testing

@testable import IngressModule

struct RequestRateTests {
    private let tester = IngressTester()
    private let body = #"{"content":"x"}"#

    @Test func `a user has 100 requests at once, then 50 a second`() async throws {
        let module = try tester.make()
        for _ in 0..<100 { #expect(try await module.refusal(body) == nil) }
        let refusal = try await module.refusal(body)
        #expect(refusal?.status == 429)
        #expect(refusal?.reason == .rateLimited)
        #expect(refusal?.retryAfter == .milliseconds(20))
        tester.clock.advance(by: .seconds(1))
        for _ in 0..<50 { #expect(try await module.refusal(body) == nil) }
        #expect(try await module.refusal(body)?.status == 429)
    }

    @Test func `users do not share, whatever their address; one user does, from every address`() async throws {
        let module = try tester.make("{burst: 1}")
        #expect(try await module.refusal(body, userID: "alice", from: "192.0.2.1") == nil)
        #expect(try await module.refusal(body, userID: "bob", from: "192.0.2.1") == nil)
        #expect(try await module.refusal(body, userID: "alice", from: "192.0.2.9")?.status == 429)
    }

    @Test func `where nobody is known the address counts, an IPv6 network as one`() async throws {
        let module = try tester.make("{burst: 1, routes: [{method: POST, path: /a, authentication: none, event: a, topics: [a]}]}")
        #expect(try await module.refusal(body, userID: nil, from: "2001:db8::1") == nil)
        #expect(try await module.refusal(body, userID: nil, from: "2001:db8::2")?.status == 429)
        #expect(try await module.refusal(body, userID: nil, from: "2001:db8:0:1::1") == nil)
    }

    @Test func `an API key's sender counts by itself, apart from a user of that name`() async throws {
        let key = String(repeating: "k", count: 32)
        let route = "event: a, topics: [a]"
        let module = try tester.make(
            "{burst: 1, routes: [{method: POST, path: /a, authentication: api_key, api_key: \(key), sender: alice, \(route)}, "
                + "{method: POST, path: /b, \(route)}]}")
        #expect(try await module.refusal(body, userID: nil) == nil)
        #expect(try await module.refusal(body, userID: nil)?.status == 429)
        #expect(try await module.refusal(of: IngressTester.request(body), route: 1) == nil)
    }

    @Test func `levels outlive a reload`() async throws {
        #expect(try await tester.make("{burst: 1}").refusal(body) == nil)
        #expect(try await tester.make("{burst: 1, rate: 1/s}").refusal(body)?.status == 429)
    }

    @Test func `the table is bounded, and forgets who is idle`() throws {
        let rates = RequestRates(limit: 10)
        let rate = TokenRate(Rate(1), burst: 1)
        for number in 0..<10 { try rates.take(.user("\(number)"), at: rate, now: tester.clock.now) }
        let refusal = #expect(throws: HTTPRefusal.self) { try rates.take(.user("x"), at: rate, now: tester.clock.now) }
        #expect(refusal?.status == 503)
        tester.clock.advance(by: .seconds(1))
        try rates.take(.user("x"), at: rate, now: tester.clock.now)
        #expect(rates.count < 10)
    }
}
