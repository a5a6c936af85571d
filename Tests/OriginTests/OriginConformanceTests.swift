import GatewayTestKit
import OriginModule
import Testing

struct OriginConformanceTests {
    @Test(arguments: ModuleConformance<Origin>.checks)
    func `the check of origins conforms`(check: ModuleConformance<Origin>.Check) async throws {
        try await ModuleConformance(
            Origin.self, settings: #"{allow: [https://app.example.com, "https://*.example.org"]}"#, changed: #"{allow: ["null"]}"#
        ).run(check)
    }
}
