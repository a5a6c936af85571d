import GatewayKit
import Synchronization

/// Whether a load balancer should send clients here.
package enum Readiness: Sendable, Equatable {
    /// It should.
    case ready
    /// Not yet.
    case starting
    /// Not any more.
    case draining
    /// Messages do not flow; the text says why.
    case adapterDown(String)
}

extension Publisher {
    /// Whether the gateway serves and what is published comes back; answers within a little more than a second.
    func readiness() async -> Readiness {
        guard let core = core.withLock({ $0 }), let adapter = adapter.withLock({ $0 }), let eventLoop = core.eventLoops.randomElement()
        else {
            return .starting
        }
        guard !core.isClosingDoor else { return .draining }
        guard core.hasStarted.load(ordering: .relaxed) else { return .starting }
        let fault = await core.probe.fault(of: adapter, on: eventLoop, core.clock)
        guard !core.isClosingDoor else { return .draining }
        return fault.map { .adapterDown($0) } ?? .ready
    }
}

extension Gateway {
    /// Whether a load balancer should send clients here.
    package func readiness() async -> Readiness { await hub.readiness() }
}
