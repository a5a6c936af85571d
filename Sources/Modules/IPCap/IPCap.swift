public import GatewayKit
private import NIOCore
private import Synchronization

/// Limits how many connections an address may have, and how fast it may open them.
///
/// IPv6 is counted by /64, and once more by /48. One table for all loops, behind a lock: this is not the message path.
public struct IPCap: AcceptStage {
    /// The name in gateway.yaml.
    public static let name = "ip_cap"
    /// What it does.
    public static let summary = "Limits how many connections an address may have at once, and how fast it may open them."
    /// What would be refused can be counted first.
    public static let canObserve = true

    /// The counts, which outlive a reload.
    private final class Counts: Sendable {
        let ledger = Mutex(AddressLedger())
    }
    private let counts: Counts
    private let limits: AddressLimits
    /// Where the connection was counted; nil where it was not, or is no longer.
    private let charge: ConnectionSlot<AddressLedger.Charge?>

    /// Makes the module; the counts are those of the generation before, the limits are new.
    public init(settings: IPCapSettings, context: ModuleContext) {
        counts = context.state("counts") { Counts() }
        limits = AddressLimits(settings)
        charge = context.slot("charge", initial: nil)
    }

    /// Counts the connection, or refuses it; a refused one counts for nothing.
    public func accept(_ connection: Connection) -> Verdict<HTTPRefusal> {
        let admission = counts.ledger.withLock { $0.admit(connection.address, limits, now: connection.now) }
        switch admission {
        case .counted(let charge):
            connection[self.charge] = charge
            return .proceed
        case .tooMany:
            // Nobody knows when a connection will close; five seconds keep a polite client from hammering.
            return refuse("Too many connections from this address", retryAfter: .seconds(5))
        case .tooFast(let wait):
            return refuse("Too many new connections from this address", retryAfter: wait)
        }
    }

    /// Gives the connection's slot back, at the first call.
    public func released(_ connection: Connection) {
        guard let charge = connection[self.charge] else { return }
        connection[self.charge] = nil
        counts.ledger.withLock { $0.release(connection.address, charge) }
    }

    private func refuse(_ message: String, retryAfter: Duration) -> Verdict<HTTPRefusal> {
        .refuse(HTTPRefusal(status: 429, .rateLimited, message, retryAfter: retryAfter, maxWaiting: limits.group.maxConnections))
    }
}

extension IPCap: ExplainingStage {
    /// How many connections the address has.
    public func explain(_ decision: StageDecision, _ connection: Connection) -> StageExplanation? {
        let address = connection.address
        let (count, ofSite) = counts.ledger.withLock { ($0.connections(of: address), $0.connections(ofSite: address)) }
        let network = address.isIPv6 ? "\(address)/64" : "\(address)"
        let site = address.isIPv6 ? ", \(ofSite) of \(limits.site.maxConnections) of its /48" : ""
        return StageExplanation("connection \(count) of \(limits.group.maxConnections) of \(network)\(site)", setting: "max_connections")
    }
}
