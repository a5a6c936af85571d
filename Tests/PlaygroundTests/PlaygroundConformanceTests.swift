import GatewayTestKit
import PlaygroundModule
import Testing

struct PlaygroundConformanceTests {
    @Test(arguments: ModuleConformance<Playground>.checks)
    func `the page conforms`(check: ModuleConformance<Playground>.Check) async throws {
        try await ModuleConformance(Playground.self).run(check)
    }
}
