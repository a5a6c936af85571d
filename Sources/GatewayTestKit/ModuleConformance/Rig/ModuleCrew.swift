import GatewayKit
import NIOCore

/// The modules of one pipeline: a generation, as a check has it.
struct ModuleCrew: Sendable {
    /// The module that is checked.
    let tested: any Module
    /// What it answers to HTTP.
    let routes: [HTTPRoute]
    /// What it answers operators.
    let adminRoutes: [HTTPRoute]
    /// All of them; who needs another one stands behind it.
    private let modules: [any Module]
    private let patience: Duration

    init(_ modules: [any Module], tested: any Module, patience: Duration) {
        self.modules = modules
        self.tested = tested
        self.patience = patience
        routes = (tested as? any HTTPModule)?.routes ?? []
        adminRoutes = (tested as? any AdminModule)?.adminRoutes ?? []
    }

    /// Starts the modules; where one fails, those before it are stopped again.
    func start() async throws {
        for (index, module) in modules.enumerated() {
            (module as? any PubSubAdapter)?.attach(DroppingSink())
            do {
                try await within(patience, "an end of start()") { try await module.start() }
            } catch {
                try await stop(modules[..<index])
                throw error
            }
        }
    }

    /// Stops the modules, the last first.
    func stop() async throws { try await stop(modules[...]) }

    private func stop(_ modules: ArraySlice<any Module>) async throws {
        for module in modules.reversed() { try await within(patience, "an end of stop()") { await module.stop() } }
    }
}

/// Takes what an adapter brings, and drops it.
private struct DroppingSink: EventSink {
    func deliver(_ event: Event, on eventLoop: any EventLoop) -> Verdict<Rejection> { .proceed }
    func lostEvents(since: Timestamp) {}
    func revoke(_ revocations: [Revocation]) async {}
    func revocations() async -> [Revocation] { [] }
}
