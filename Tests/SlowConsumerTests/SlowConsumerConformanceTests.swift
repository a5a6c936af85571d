import GatewayTestKit
import SlowConsumerModule
import Testing

struct SlowConsumerConformanceTests {
    @Test(arguments: ModuleConformance<SlowConsumer>.checks)
    func `the policy for slow clients conforms`(check: ModuleConformance<SlowConsumer>.Check) async throws {
        try await ModuleConformance(SlowConsumer.self, settings: "{topics: [{match: orders.*, on_full: close}]}", changed: "{}").run(check)
    }
}
