import NIOPosix

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

extension Gateway {
    /// Whether the gateway serves and what is published comes back; answers within a little more than a second.
    package func readiness() async -> Readiness {
        guard !core.isClosingDoor else { return .draining }
        let fault = await core.probe.fault(of: generation.adapter, on: group.next(), core.clock)
        guard !core.isClosingDoor else { return .draining }
        return fault.map { .adapterDown($0) } ?? .ready
    }
}
