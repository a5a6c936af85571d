import GatewayKit

/// What one connection has taken of counted things, to be given back exactly once.
struct Tickets {
    /// The connection that the accept stage knows.
    var connection: Connection?
    /// The accept modules that let it proceed.
    var accepted: [Generation.Slot<any AcceptStage>] = []
    /// Keeps those modules running, for they are still to be told that the connection has gone.
    var lease: ModuleLease?
    /// Whether it counts among the gateway's connections.
    var countsConnection = false
    /// What the core counts for its address.
    var counted: [(kind: Admission.Kind, address: ClientAddress)] = []

    /// Gives everything back but what is counted of one kind.
    ///
    /// - Parameters:
    ///   - shard: The connection's.
    ///   - kind: What is kept.
    /// - Returns: Whether anything of the kind is counted.
    mutating func releaseAll(_ shard: Shard, but kind: Admission.Kind) -> Bool {
        let kept = counted.filter { $0.kind == kind }
        counted.removeAll { $0.kind == kind }
        releaseAll(shard)
        counted = kept
        return !kept.isEmpty
    }

    /// Gives back what the core counts of a kind.
    mutating func release(_ kind: Admission.Kind, _ core: Core) {
        for ticket in counted where ticket.kind == kind { core.admission.release(kind, ticket.address) }
        counted.removeAll { $0.kind == kind }
    }

    /// Gives everything back; nothing is left to give back a second time.
    mutating func releaseAll(_ shard: Shard) {
        if let connection { for slot in accepted { slot.released(connection, shard) } }
        accepted = []
        lease = nil
        if countsConnection { shard.core.admission.releaseConnection() }
        countsConnection = false
        for (kind, address) in counted { shard.core.admission.release(kind, address) }
        counted = []
    }
}

extension Generation.Slot<any AcceptStage> {
    /// Gives back what the module has counted for a connection.
    func released(_ connection: Connection, _ shard: Shard) {
        let call = shard.beginCall(duty.name)
        module.released(connection)
        shard.endCall(call)
    }
}

@available(*, unavailable)
extension Tickets: Sendable {}

/// A verdict that was waited for, with the module's settings applied to what went wrong.
struct HandshakeVerdict {
    /// Nil where the connection may go on.
    let refusal: HTTPRefusal?
    /// Whether the module itself said `.proceed`, so that it has counted the connection.
    let isProceed: Bool

    init(
        _ result: Result<Verdict<HTTPRefusal>, any Error>, _ instance: String, _ common: CommonModuleSettings, _ core: Core,
        _ connection: Connection
    ) {
        if case .success(.proceed) = result {
            (refusal, isProceed) = (nil, true)
        } else if case .success(.refuse(let refusal)) = result {
            (self.refusal, isProceed) = (refusal, false)
        } else {
            // Failed, late, or a verdict that waits for another one.
            isProceed = false
            let refusal = core.refusal(instance, result, isForgiven: common.forgivesFailure, connection)
            self.refusal = common.forgivesFailure ? nil : refusal
        }
    }
}
