import GatewayTestKit
import MemoryModule
import Testing

struct MemoryConformanceTests {
    @Test(arguments: PubSubAdapterConformance.checksOfOneNode, [1, 2])
    func `the adapter in the process conforms`(check: PubSubAdapterConformance.Check, eventLoops: Int) async throws {
        // Each event loop delivers what its own connections publish at once, so that two of them have no order between them.
        try await PubSubAdapterConformance(Memory.self, nodes: 1, eventLoops: eventLoops, hasOneOrder: eventLoops == 1).run(check)
    }

    @Test(arguments: ModuleConformance<Memory>.checks)
    func `the module conforms`(check: ModuleConformance<Memory>.Check) async throws {
        try await ModuleConformance(Memory.self).run(check)
    }
}
