import GatewayPlugins
import GatewayTestKit
import Testing

struct EchoConformanceTests {
    @Test(arguments: ModuleConformance<Echo>.checks)
    func `the echo conforms`(check: ModuleConformance<Echo>.Check) async throws {
        try await ModuleConformance(Echo.self).run(check)
    }
}
