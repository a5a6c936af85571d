import GatewayPlugins
import GatewayTestKit
import Testing

struct MaintenanceModeConformanceTests {
    @Test(arguments: ModuleConformance<MaintenanceMode>.checks, ["{}", "{file: maintenance, allow: [10.0.0.0/8]}"])
    func `maintenance conforms`(check: ModuleConformance<MaintenanceMode>.Check, settings: String) async throws {
        try await ModuleConformance(MaintenanceMode.self, settings: settings, changed: "{retry_after: 5s}").run(check)
    }
}
