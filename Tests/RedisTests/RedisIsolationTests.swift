import GatewayKit
import GatewayTestKit
import Testing

struct RedisIsolationTests {
    @Test(arguments: [("", "/1", ""), ("prefix: one", "", "prefix: two"), ("prefix: one", "/2", "prefix: one")])
    func `deployments with another prefix or database hear nothing of each other`(
        settings: String, database: String, others: String
    ) async throws {
        let server = try await RedisServer()
        let here = try await TestAdapter(server.url + database, settings).up()
        let other = try await TestAdapter(server.url, others).up()
        for pattern in ["a", "b.*", "**"] { #expect(try await here.subscribe(pattern) == nil) }
        for topic in ["a", "b.1"] { #expect(try await other.publish(topic, data: "2") == nil) }
        #expect(try await here.publish("a", data: "1") == nil)
        // Redis hands on in order: what the other deployment sent would have come before.
        try await eventually("the event of its own comes") { here.sink.delivered.contains("a: 1") }
        #expect(here.sink.delivered == ["a: 1"])
    }

    @Test func `what is revoked in one database is not revoked in another`() async throws {
        let server = try await RedisServer()
        let here = try await TestAdapter(server.url + "/1").up()
        let other = try await TestAdapter(server.url).up()
        try await other.share(Revocation(.token("other"), expiresAt: nil))
        try await here.share(Revocation(.token("own"), expiresAt: nil))
        try await eventually("its own comes") { !here.sink.revoked.isEmpty }
        #expect(here.sink.revoked.map(\.tokens) == [.token("own")])
        let late = try await TestAdapter(server.url + "/1").up()
        #expect(late.sink.revoked.map(\.tokens) == [.token("own")])
    }
}
