import Foundation
import GatewayTestKit
import RedisModule
import Testing

struct RedisConformanceTests {
    @Test(arguments: PubSubAdapterConformance.checks, [1, 2])
    func `three gateways at one Redis conform`(check: PubSubAdapterConformance.Check, eventLoops: Int) async throws {
        let settings = "{url: \(try await RedisServer.shared().url), prefix: \(UUID()), probe_interval: 50ms, max_patterns: 20}"
        try await PubSubAdapterConformance(Redis.self, settings: settings, eventLoops: eventLoops).run(check)
    }
}
