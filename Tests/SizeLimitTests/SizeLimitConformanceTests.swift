import GatewayTestKit
import SizeLimitModule
import Testing

struct SizeLimitConformanceTests {
    @Test(arguments: ModuleConformance<SizeLimit>.checks)
    func `the limit of sizes conforms`(check: ModuleConformance<SizeLimit>.Check) async throws {
        try await ModuleConformance(
            SizeLimit.self, settings: "{max_message: 1KiB, topics: [{match: orders.*, max_message: 64KiB}]}", changed: "{max_message: 100B}"
        ).run(check)
    }
}
