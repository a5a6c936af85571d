import GatewayKit
import GatewayTestKit
import NIOCore
import Synchronization
import Testing

struct RedisLinkTests {
    @Test func `it comes up, and what is published comes back to both event loops' publishers`() async throws {
        let server = try await RedisServer()
        let adapter = try await TestAdapter(server.url).up()
        #expect(try await adapter.subscribe("a") == nil)
        #expect(try await adapter.publish("a", data: "1", on: 0) == nil)
        #expect(try await adapter.publish("a", data: "2", on: 1) == nil)
        try await eventually("both events come") { Set(adapter.sink.delivered) == ["a: 1", "a: 2"] }
        #expect(adapter.log.text.contains("messages flow through redis://127.0.0.1:\(server.port)"))
    }

    @Test func `another gateway's events come once the subscription is in force, topics and patterns`() async throws {
        let server = try await RedisServer()
        let (here, there) = (try await TestAdapter(server.url).up(), try await TestAdapter(server.url).up())
        for (index, pattern) in ["a", "b.*", "c.**", "*.d"].enumerated() {
            #expect(try await here.subscribe(pattern, on: index % 2) == nil)
        }
        let topics = ["a", "b.1", "c.1.2", "x.d"]
        for topic in ["b.1.2", "c", "d", "y"] + topics { #expect(try await there.publish(topic) == nil) }
        try await eventually("the last one comes") { here.sink.delivered.contains("x.d: 1") }
        #expect(here.sink.delivered == topics.map { "\($0): 1" })
        #expect(there.sink.delivered.isEmpty)
    }

    @Test func `an event with several topics is delivered once`() async throws {
        let server = try await RedisServer()
        let (here, there) = (try await TestAdapter(server.url).up(), try await TestAdapter(server.url).up())
        for pattern in ["a", "b.c", "b.*", "**"] { #expect(try await here.subscribe(pattern) == nil) }
        #expect(try await there.publish("a", "b.c", "d") == nil)
        #expect(try await there.publish("end") == nil)
        try await eventually("the last one comes") { here.sink.delivered.contains("end: 1") }
        #expect(here.sink.delivered == ["a+b.c+d: 1", "end: 1"])
    }

    @Test func `an ended subscription brings nothing, and Redis keeps none of it`() async throws {
        let server = try await RedisServer()
        let adapter = try await TestAdapter(server.url).up()
        for pattern in ["a", "b.*"] {
            #expect(try await adapter.subscribe(pattern, on: 0) == nil)
            #expect(try await adapter.subscribe(pattern, on: 1) == nil)
            try await adapter.unsubscribe(pattern, on: 1)
        }
        #expect(try await adapter.subscribe("c") == nil)
        #expect(try await server.command("PUBSUB NUMSUB gateway:topic:a") == "gateway:topic:a\n1\n")
        try await adapter.unsubscribe("a")
        try await adapter.unsubscribe("b.*")
        #expect(try await adapter.subscribe("d") == nil)
        #expect(try await server.command("PUBSUB NUMSUB gateway:topic:a") == "gateway:topic:a\n0\n")
        #expect(try await server.command("PUBSUB NUMPAT") == "0\n")
    }

    @Test func `more than Redis is asked for at a time is not said to be in force, and comes with the next connection`() async throws {
        let server = try await RedisServer()
        let adapter = try await TestAdapter(server.url, "probe_timeout: 30s, max_unconfirmed: 1000").up()
        let count = 1100
        #expect(try await adapter.subscribe(many: count) == 0)
        // It is up again after 50 ms, so only the log is sure to tell.
        try await eventually("the log says so") { adapter.log.text.contains("Redis does not keep up") }
        _ = try await adapter.up()
        #expect(try await server.command("PUBSUB NUMSUB gateway:topic:many.\(count - 1)") == "gateway:topic:many.\(count - 1)\n1\n")
    }

    @Test func `an event is taken when Redis says so, and not before`() async throws {
        let server = try await RedisServer()
        let adapter = try await TestAdapter(server.url, "probe_timeout: 30s").up()
        try await server.freeze()
        let answer = Answer()
        let publishing = Task {
            let refusal = try await adapter.publish("a")
            answer.isThere.withLock { $0 = true }
            return refusal
        }
        // The event has been handed over, and the loop has had many turns.
        for _ in 0..<200 { try await adapter.eventLoops[0].submit {}.get() }
        #expect(answer.isThere.withLock { !$0 })
        try await server.thaw()
        #expect(try await publishing.value == nil)
    }

    private final class Answer: Sendable {
        let isThere = Mutex(false)
    }

    @Test func `without Redis it starts, says where it looks, and refuses`() async throws {
        let server = try await RedisServer()
        try await server.kill()
        let adapter = try await TestAdapter(server.url)
        try await adapter.says("cannot connect to 127.0.0.1:\(server.port): connection refused")
        #expect(try await adapter.publish("a")?.reason == .brokerUnavailable)
        #expect(try await adapter.subscribe("a")?.reason == .brokerUnavailable)
        try await server.start()
        _ = try await adapter.up()
        #expect(try await adapter.publish("a") == nil)
        try await eventually("the event comes") { adapter.sink.delivered == ["a: 1"] }
    }

    @Test func `a server without HELLO is spoken to in version 2`() async throws {
        let server = try await RedisServer(["--rename-command", "HELLO", "", "--requirepass", "secret"])
        let revocation = Revocation(.token("1"), expiresAt: Timestamp(milliseconds: 4_000_000_000_123))
        let url = "redis://:secret@127.0.0.1:\(server.port)/1"
        let here = try await TestAdapter(url, sink: RecordingSink(kept: [revocation])).up()
        let there = try await TestAdapter(url).up()
        #expect(there.sink.revoked == [revocation])
        for pattern in ["a", "b.*"] { #expect(try await there.subscribe(pattern) == nil) }
        for topic in ["a", "b.1"] { #expect(try await here.publish(topic) == nil) }
        try await eventually("both come") { there.sink.delivered == ["a: 1", "b.1: 1"] }
    }
}
