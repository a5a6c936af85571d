import GatewayTestKit
import IPCapModule
import Testing

struct IPCapConformanceTests {
    @Test(arguments: ModuleConformance<IPCap>.checks)
    func `the cap of connections conforms`(check: ModuleConformance<IPCap>.Check) async throws {
        try await ModuleConformance(
            IPCap.self, settings: "{max_connections: 5, max_connections_per_48: 7}", changed: "{max_connections: 3}"
        ).run(check)
    }
}
