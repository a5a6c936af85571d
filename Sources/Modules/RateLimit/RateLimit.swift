public import GatewayKit

/// Limits how often, and how much, a connection, a user or an address may publish.
///
/// Counts `publish` alone: subscribing has a bucket of its own in the core. What is refused counts for nothing.
public struct RateLimit: RouteStage {
    /// The name in gateway.yaml.
    public static let name = "rate_limit"
    /// What it does.
    public static let summary = "Limits how many messages and bytes a connection, a user or an address may publish in a time."
    /// What would be too much can be counted first.
    public static let canObserve = true
    /// What is refused for its size counts for nothing.
    public static let runsAfter = ["size_limit": "a message that is too big takes from the rate all the same"]

    /// Whose messages are counted together.
    private enum Scope {
        case connection
        case user(BucketTable<[UInt8]>)
        case address(BucketTable<ClientAddress>)
    }

    private let scope: Scope
    private let limits: RateLimits
    /// The connection's own buckets.
    private let own: ConnectionSlot<Buckets?>
    /// The buckets that the connection shares, held so that only its first message looks them up.
    private let shared: ConnectionSlot<Buckets?>

    /// Makes the module; levels and tables are those of the generation before.
    public init(settings: RateLimitSettings, context: ModuleContext) {
        limits = RateLimits(settings)
        own = context.slot("connection", initial: nil)
        shared = context.slot(settings.per.rawValue, initial: nil)
        scope =
            switch settings.per {
            case .connection: .connection
            case .user: .user(context.state("users") { BucketTable() })
            case .ip: .address(context.state("addresses") { BucketTable() })
            }
    }

    /// Takes a publish's tokens, or refuses it with the time until they are there.
    public func route(_ command: inout Command, _ connection: Connection) -> Verdict<Rejection> {
        guard command.action == .publish, !command.isReevaluation else { return .proceed }
        guard let wait = buckets(of: connection).take(command.byteCount, limits, now: connection.now) else { return .proceed }
        return .refuse(Rejection(.rateLimited, "Too many messages", topic: command.pattern.description, retryAfter: wait))
    }

    private func buckets(of connection: Connection) -> Buckets {
        switch scope {
        case .connection: return ownBuckets(of: connection)
        case .user(let table):
            if let held = connection[shared] { return held }
            // Nobody yet, and so nobody to share with; asked again once somebody has authenticated.
            guard let userID = connection.principal?.userID else { return ownBuckets(of: connection) }
            return hold(table.buckets(of: Array(userID.utf8), now: connection.now), for: connection)
        case .address(let table):
            if let held = connection[shared] { return held }
            return hold(table.buckets(of: connection.address.group, now: connection.now), for: connection)
        }
    }

    /// Where the table is full the connection keeps to its own buckets, so that no later message looks again.
    private func hold(_ found: Buckets?, for connection: Connection) -> Buckets {
        let buckets = found ?? ownBuckets(of: connection)
        connection[shared] = buckets
        return buckets
    }

    private func ownBuckets(of connection: Connection) -> Buckets {
        if let held = connection[own] { return held }
        let made = Buckets()
        connection[own] = made
        return made
    }
}

extension RateLimit: ExplainingStage {
    /// What is left in the buckets.
    public func explain(_ decision: StageDecision, _ connection: Connection) -> StageExplanation? {
        guard case .command(let command, _) = decision else { return nil }
        guard command.action == .publish else { return StageExplanation("only what clients publish counts") }
        let left = buckets(of: connection).left(limits, now: connection.now)
        let bytes = left.bytes.map { ", \($0) bytes" } ?? ""
        return StageExplanation("\(left.messages) messages\(bytes) left of the burst of the \(whose)", setting: "burst")
    }

    private var whose: String {
        switch scope {
        case .connection: "connection"
        case .user: "user"
        case .address: "address"
        }
    }
}
