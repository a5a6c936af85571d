import Testing

@testable import GatewayConfiguration

struct EnvironmentLayerTests {
    @Test(arguments: ["redis://:hun#ter22@cache", "redis://:hun #ter22@cache", "redis://cache # the usual one"])
    func `nothing of a URL is shown where it has a sign that may begin a comment or belong to its password`(value: String) throws {
        let help = try #require(EnvironmentLayer.commentHelp("PUBSUB_REDIS_URL", value))
        #expect(!help.contains("redis") && !help.contains("hun"))
        #expect(help.contains("%23"))
    }

    @Test func `any other value is shown without its comment`() {
        #expect(EnvironmentLayer.commentHelp("WEBSOCKET_PORT", "3000  # of both")?.contains("write WEBSOCKET_PORT=3000,") == true)
        #expect(EnvironmentLayer.commentHelp("WEBSOCKET_PORT", "3000") == nil)
    }
}
