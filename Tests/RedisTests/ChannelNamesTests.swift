import GatewayTestKit
import NIOCore
import Testing

@testable import RedisModule

struct ChannelNamesTests {
    private func written(_ names: ChannelNames, _ subscription: RedisSubscription) -> String {
        var buffer = ByteBuffer()
        names.write(subscription, into: &buffer)
        return String(buffer: buffer)
    }

    @Test func `a topic's channel and a beginning's pattern have the prefix and the length of the whole`() {
        let names = ChannelNames(prefix: "gateway", database: 0, node: "n")
        #expect(written(names, .topic(ByteBuffer(string: "a.b"))) == "$17\r\ngateway:topic:a.b\r\n")
        #expect(written(names, .prefix(ByteBuffer(string: "a.b"))) == "$19\r\ngateway:topic:a.b.*\r\n")
        #expect(written(names, .prefix(ByteBuffer())) == "$15\r\ngateway:topic:*\r\n")
        #expect((names.probes, names.revocations, names.revocationsKey) == ("gateway:probe:n", "gateway:revoked", "gateway:revocations"))
    }

    @Test func `the number of the database stands in the channels and not in the key`() {
        let names = ChannelNames(prefix: "gateway", database: 12, node: "n")
        #expect(written(names, .topic(ByteBuffer(string: "a"))) == "$18\r\ngateway@12:topic:a\r\n")
        let channels = (names.probes, names.revocations, names.revocationsKey)
        #expect(channels == ("gateway@12:probe:n", "gateway@12:revoked", "gateway:revocations"))
    }

    @Test(arguments: [("g*", "gab"), ("g?", "ga"), ("g[ab]", "ga"), ("g[^x]", "ga"), ("g\\\\a", "ga"), ("g]", "g"), ("**", "any")])
    func `a prefix with signs of patterns matches the channels of its deployment alone`(prefix: String, other: String) async throws {
        let server = try await RedisServer()
        let adapter = try await TestAdapter(server.url, "prefix: \"\(prefix)\"").up()
        #expect(try await adapter.subscribe("a.*") == nil)
        let own = prefix.replacing("\\\\", with: "\\")
        #expect(try await server.command("PUBLISH \(own):topic:a.b 1") == "1\n")
        #expect(try await server.command("PUBLISH \(own):topic:ab 1") == "0\n")
        #expect(try await server.command("PUBLISH \(other):topic:a.b 1") == "0\n")
        #expect(try await adapter.publish("a.b") == nil)
        try await eventually("its own event comes") { adapter.sink.delivered == ["a.b: 1"] }
    }
}
