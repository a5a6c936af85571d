import GatewayKit

struct ThrottleSettings: Settings {
    var rate = Rate(50, per: .seconds(1))
    var burst = 100

    static let fields: [SettingField<Self>] = [
        SettingField("rate", \.rate, "How many messages a connection may publish in a time."),
        SettingField("burst", \.burst, range: 1...1_000_000, "How many of them at once."),
    ]
}

/// Lets each connection publish so many messages in a time.
struct Throttle: RouteStage {
    static let name = "throttle"
    static let summary = "Limits how many messages a connection may publish."
    static let canObserve = true

    private let rate: TokenRate
    private let bucket: ConnectionSlot<TokenBucket>

    init(settings: ThrottleSettings, context: ModuleContext) {
        rate = TokenRate(settings.rate, burst: settings.burst)
        bucket = context.slot(initial: TokenBucket())
    }

    func route(_ command: inout Command, _ connection: Connection) -> Verdict<Rejection> {
        guard command.action == .publish else { return .proceed }
        guard let wait = connection[bucket].take(1, at: rate, now: connection.now) else { return .proceed }
        return .refuse(Rejection(.rateLimited, "Too many messages", retryAfter: wait))
    }
}
