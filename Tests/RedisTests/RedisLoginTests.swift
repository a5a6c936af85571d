import GatewayKit
import GatewayTestKit
import Testing

struct RedisLoginTests {
    @Test func `a wrong password is told with its cure and without the password, and the right one works`() async throws {
        let server = try await RedisServer(["--requirepass", "s3cret"])
        let wrong = try await TestAdapter("redis://:wr0ng@127.0.0.1:\(server.port)")
        try await wrong.says("Redis refuses HELLO: WRONGPASS")
        try await wrong.says("give the right user and password in modules.redis.url")
        #expect(wrong.fault?.contains("wr0ng") == false && !wrong.log.text.contains("wr0ng"))
        let none = try await TestAdapter(server.url)
        try await none.says("Redis refuses HELLO: NOAUTH")
        try await none.says("give a password in modules.redis.url")
        let right = try await TestAdapter("redis://:s3cret@127.0.0.1:\(server.port)").up()
        #expect(!right.log.text.contains("s3cret"))
    }

    /// What a user needs.
    ///
    /// PSUBSCRIBE takes a pattern only where the very same pattern, or all, is allowed.
    private static let rights = "&* ~gateway:* +@pubsub +@connection +@transaction +zadd +zscan +zremrangebyscore"

    @Test func `a user with few rights is enough`() async throws {
        let server = try await RedisServer()
        try await server.command("ACL SETUSER app on >s3cret \(Self.rights)")
        let adapter = try await TestAdapter("redis://app:s3cret@127.0.0.1:\(server.port)/1").up()
        for pattern in ["a", "b.*"] { #expect(try await adapter.subscribe(pattern) == nil) }
        for topic in ["a", "b.1"] { #expect(try await adapter.publish(topic) == nil) }
        try await eventually("both come") { adapter.sink.delivered == ["a: 1", "b.1: 1"] }
        try await adapter.share(Revocation(.token("1"), expiresAt: nil))
        let kept = try await server.command("-n 1 ZRANGE gateway:revocations 0 -1")
        #expect(kept == "token 1\n")
        #expect(adapter.log.lines.allSatisfy { $0.level == "info" || $0.level == "debug" }, "\(adapter.log.text)")
    }

    @Test(arguments: [
        ("-publish", "PUBLISH"), ("-subscribe", "SUBSCRIBE"), ("-zscan", "ZSCAN"), ("-zremrangebyscore", "ZREMRANGEBYSCORE"),
        ("resetkeys", "Z"),
    ])
    func `a user without a right is told which`(change: String, command: String) async throws {
        let server = try await RedisServer()
        try await server.command("ACL SETUSER app on >s3cret \(Self.rights) \(change)")
        let adapter = try await TestAdapter(
            "redis://app:s3cret@127.0.0.1:\(server.port)",
            sink: RecordingSink(kept: [.init(.token("1"), expiresAt: nil)]))
        try await adapter.says("Redis refuses \(command)")
        try await adapter.says("the user needs: +@pubsub +@connection +@transaction +zadd +zscan +zremrangebyscore")
    }
}
