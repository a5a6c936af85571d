import GatewayKit
import GatewayTestKit
import RateLimitModule
import Testing

struct RateLimitTests {
    private let tester = ModuleTester()

    @Test func `its declarations are complete`() {
        #expect(SettingsTester.defects(of: RateLimit.self) == [])
    }

    @Test func `the burst passes, and the next message is told when to come again`() throws {
        let limit = try tester.make(RateLimit.self, "{rate: 50/s, burst: 100}")
        let client = tester.connect()
        for _ in 0..<100 { #expect(limit.publish(client) == nil) }
        #expect(limit.publish(client) == Rejection(.rateLimited, "Too many messages", topic: "a.b", retryAfter: .milliseconds(20)))
    }

    @Test func `after the burst the rate passes`() throws {
        let limit = try tester.make(RateLimit.self, "{rate: 5/s, burst: 5}")
        let client = tester.connect()
        for _ in 0..<5 { #expect(limit.publish(client) == nil) }
        for _ in 0..<20 {
            #expect(limit.publish(client) != nil)
            tester.advance(by: .milliseconds(200))
            #expect(limit.publish(client) == nil)
        }
    }

    @Test func `refused messages count for nothing`() throws {
        let limit = try tester.make(RateLimit.self, "{rate: 1/s, burst: 1}")
        let client = tester.connect()
        #expect(limit.publish(client) == nil)
        for _ in 0..<1000 { #expect(limit.publish(client)?.retryAfter == .seconds(1)) }
        tester.advance(by: .seconds(1))
        #expect(limit.publish(client) == nil)
    }

    @Test(arguments: [Command.Action.subscribe, .unsubscribe, .ingress])
    func `only publishes count`(action: Command.Action) throws {
        let limit = try tester.make(RateLimit.self, "{rate: 1/s, burst: 1, bytes: 1KiB}")
        let client = tester.connect()
        for _ in 0..<10 {
            var command = Command(action, .all, byteCount: 1024)
            #expect(limit.route(&command, client.connection).proceeds)
        }
        #expect(limit.publish(client) == nil)
    }

    @Test func `what is looked at again does not count`() throws {
        let limit = try tester.make(RateLimit.self, "{rate: 1/s, burst: 1}")
        let client = tester.connect()
        for _ in 0..<10 {
            var command = Command(.publish, .all, isReevaluation: true)
            #expect(limit.route(&command, client.connection).proceeds)
        }
        #expect(limit.publish(client) == nil)
    }

    @Test func `each connection has buckets of its own`() throws {
        let limit = try tester.make(RateLimit.self, "{rate: 1/s, burst: 1}")
        #expect(limit.publish(tester.connect(userID: "alice")) == nil)
        #expect(limit.publish(tester.connect(userID: "alice")) == nil)
    }

    @Test func `bytes count too, and the longer wait is told`() throws {
        let limit = try tester.make(RateLimit.self, "{rate: 10/s, burst: 10, bytes: 1024}")
        let client = tester.connect()
        #expect(limit.publish(client, bytes: 1024) == nil)
        #expect(limit.publish(client, bytes: 512)?.retryAfter == .milliseconds(500))
        // The refused message has taken no message's token either.
        for _ in 0..<9 { #expect(limit.publish(client, bytes: 0) == nil) }
        #expect(limit.publish(client, bytes: 0)?.retryAfter == .milliseconds(100))
        #expect(limit.publish(client, bytes: 512)?.retryAfter == .milliseconds(500))
    }

    @Test func `a message larger than a second's worth passes when the bucket is full`() throws {
        let limit = try tester.make(RateLimit.self, "{bytes: 1KiB}")
        let client = tester.connect()
        #expect(limit.publish(client, bytes: 1) == nil)
        #expect(limit.publish(client, bytes: 1_000_000) != nil)
        tester.advance(by: .milliseconds(1))
        #expect(limit.publish(client, bytes: 1_000_000) == nil)
        #expect(limit.publish(client, bytes: 1) != nil)
    }

    @Test(arguments: [
        ("{rate: 50}", DiagnosticCode.missingUnit), ("{rate: 0/s}", .outOfRange), ("{burst: 0}", .outOfRange),
        ("{bytes: 0}", .outOfRange),
        ("{per: address}", .unknownChoice), ("{bytes: 1MiB/s}", .missingUnit), ("{rate: 50/s, burst: 49}", .invalidValue),
        ("{rate: 3600/h, burst: 0}", .outOfRange), ("{rate: 120/m, burst: 1}", .invalidValue),
    ])
    func `settings that cannot be meant are errors`(settings: String, code: DiagnosticCode) {
        #expect(SettingsTester.decode(RateLimitSettings.self, settings).diagnostics.map(\.code) == [code])
    }

    @Test(arguments: ["{rate: 50/s, burst: 50}", "{rate: 119/m, burst: 1}", "{rate: 3600/h, burst: 1}", "{rate: 100/s}"])
    func `a burst that holds the rate of a second is right`(settings: String) {
        #expect(SettingsTester.decode(RateLimitSettings.self, settings).diagnostics.isEmpty)
    }

    @Test(arguments: ["{rate: 101/s}", "{burst: 49}"]) func `a burst below the rate where one has its default is a warning`(
        settings: String
    ) {
        let (value, diagnostics) = SettingsTester.decode(RateLimitSettings.self, settings)
        #expect(value != nil && diagnostics.map(\.severity) == [.warning])
    }
}

extension RateLimit {
    /// Asks about one message to `a.b`.
    func publish(_ client: TestConnection, bytes: Int = 10) -> Rejection? {
        guard let pattern = try? TopicPattern("a.b") else { return Rejection(.invalidTopic, "a.b") }
        var command = Command(.publish, pattern, byteCount: bytes)
        return route(&command, client.connection).refusal
    }
}
