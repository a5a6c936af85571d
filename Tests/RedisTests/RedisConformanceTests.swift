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

    @Test(arguments: ModuleConformance<Redis>.checks)
    func `the module conforms`(check: ModuleConformance<Redis>.Check) async throws {
        let settings = "{url: \(try await RedisServer.shared().url), prefix: \(UUID()), probe_interval: 50ms}"
        try await ModuleConformance(Redis.self, settings: settings).run(check)
    }
}
