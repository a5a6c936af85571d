import GatewayTestKit
import RateLimitModule
import Testing

struct RateLimitConformanceTests {
    private static let settings = [
        "{rate: 1/s, burst: 60, bytes: 64KiB}",
        "{rate: 1/s, burst: 60, per: user}",
        "{rate: 1/s, burst: 60, per: ip}",
    ]

    @Test(arguments: ModuleConformance<RateLimit>.checks, settings)
    func `the limit of rates conforms`(check: ModuleConformance<RateLimit>.Check, settings: String) async throws {
        try await ModuleConformance(RateLimit.self, settings: settings, changed: "{rate: 1/m}").run(check)
    }
}
