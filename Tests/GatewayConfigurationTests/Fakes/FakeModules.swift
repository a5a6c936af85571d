import GatewayKit
import NIOCore

/// Modules with the names and settings of real ones, which do nothing.
enum FakeModules {
    static let all: [any Module.Type] = [
        IPCap.self, Origin.self, JWT.self, SizeLimit.self, RateLimit.self, Authorization.self, SlowConsumer.self, Memory.self, Redis.self,
        Accounts.self, Keys.self, Turnstile.self, Raw.self,
    ]
}

struct IPCap: AcceptStage {
    struct Settings: GatewayKit.Settings {
        var maxConnections = 100
        var rate = Rate(20)
        static let fields: [SettingField<Self>] = [
            SettingField(
                "max_connections", \.maxConnections, range: 1...1_000_000, environment: .plain("WEBSOCKET_MAX_CONNECTIONS_PER_IP"),
                "Connections of one address."),
            SettingField("connect_rate", \.rate, "New connections of one address."),
        ]
    }

    static let name = "ip_cap"
    static let summary = "Caps the connections of one address."
    static let canObserve = true
    init(settings: Settings, context: ModuleContext) {}
    func accept(_ connection: Connection) -> Verdict<HTTPRefusal> { .proceed }
}

struct Origin: HandshakeStage {
    struct Settings: GatewayKit.Settings {
        var allow = ["*"]
        static let fields: [SettingField<Self>] = [SettingField("allow", \.allow, "Whose pages may connect.")]
    }

    static let name = "origin"
    static let summary = "Checks the page that connects."
    static let canObserve = true
    init(settings: Settings, context: ModuleContext) {}
    func handshake(_ request: inout UpgradeRequest, _ connection: Connection) -> Verdict<HTTPRefusal> { .proceed }
}

struct JWT: AuthStage {
    enum Algorithm: String, CaseIterable, SettingValue {
        case hs256 = "HS256"
        case rs256 = "RS256"
    }

    struct Settings: GatewayKit.Settings {
        var algorithms = [Algorithm.hs256]
        var secret: Secret?
        var issuer: String?
        static let fields: [SettingField<Self>] = [
            SettingField("algorithms", \.algorithms, "The algorithms."), SettingField("secret", \.secret, "The key."),
            SettingField("issuer", \.issuer, "Who issues tokens."),
        ]

        func validate(_ report: inout SettingsReport) {
            guard let secret else {
                return report.add(.error, .missingKey, "secret", "there is no key", help: "write secret: ${JWT_SECRET}")
            }
            if secret.bytes.count < 32 {
                report.add(
                    .error, .weakSecret, "secret", "the secret has \(secret.bytes.count) bytes, and 32 are needed",
                    help: "openssl rand -base64 32")
            }
        }
    }

    static let name = "jwt"
    static let summary = "Checks tokens."
    static let provides = [Capability<any TokenIssuer>.tokenIssuer.name]
    init(settings: Settings, context: ModuleContext) {}
    func authenticate(_ credentials: Credentials, _ connection: Connection) -> AuthVerdict { .abstain }
}

/// A second provider of what jwt provides.
struct Keys: AuthStage {
    static let name = "keys"
    static let summary = "Signs tokens too."
    static let provides = [Capability<any TokenIssuer>.tokenIssuer.name]
    init(settings: NoSettings, context: ModuleContext) {}
    func authenticate(_ credentials: Credentials, _ connection: Connection) -> AuthVerdict { .abstain }
}

/// A module with a secret that is not called so.
struct Vault: AuthStage {
    struct Settings: GatewayKit.Settings {
        var pepper = Secret("")
        static let fields: [SettingField<Self>] = [SettingField("pepper", \.pepper, "What is added.")]
    }

    static let name = "vault"
    static let summary = "Keeps a secret."
    init(settings: Settings, context: ModuleContext) {}
    func authenticate(_ credentials: Credentials, _ connection: Connection) -> AuthVerdict { .abstain }
}

/// A module that needs another.
struct Accounts: HandshakeStage {
    struct Settings: GatewayKit.Settings {
        var database = FilePath("/data")
        static let fields: [SettingField<Self>] = [SettingField("database", \.database, required: true, "Where accounts are kept.")]
    }

    static let name = "accounts"
    static let summary = "Keeps accounts."
    static let requires = [Capability<any TokenIssuer>.tokenIssuer.name]
    init(settings: Settings, context: ModuleContext) {}
    func handshake(_ request: inout UpgradeRequest, _ connection: Connection) -> Verdict<HTTPRefusal> { .proceed }
}

/// A module that serves two stages.
struct Turnstile: AcceptStage, RouteStage {
    static let name = "turnstile"
    static let summary = "Counts."
    init(settings: NoSettings, context: ModuleContext) {}
    func accept(_ connection: Connection) -> Verdict<HTTPRefusal> { .proceed }
    func route(_ command: inout Command, _ connection: Connection) -> Verdict<Rejection> { .proceed }
}

/// A module that takes raw messages.
struct Raw: FrameStage {
    static let name = "raw"
    static let summary = "Listens."
    init(settings: NoSettings, context: ModuleContext) {}
    func frame(_ message: FrameMessage, _ connection: Connection) -> FrameVerdict { .proceed }
}

struct SizeLimit: RouteStage {
    struct Limit: GatewayKit.Settings {
        var match: TopicPattern?
        var maxMessage = ByteCount(0)
        static let fields: [SettingField<Self>] = [
            SettingField("match", \.match, required: true, "The topics."),
            SettingField("max_message", \.maxMessage, required: true, "The size."),
        ]
    }

    struct Settings: GatewayKit.Settings {
        var maxMessage: ByteCount?
        var topics: [Limit] = []
        static let fields: [SettingField<Self>] = [
            SettingField("max_message", \.maxMessage, "The largest message."), SettingField("topics", \.topics, "Limits for some topics."),
        ]
    }

    static let name = "size_limit"
    static let summary = "Refuses large messages."
    static let canObserve = true
    init(settings: Settings, context: ModuleContext) {}
    func route(_ command: inout Command, _ connection: Connection) -> Verdict<Rejection> { .proceed }
}

struct RateLimit: RouteStage {
    enum Per: String, CaseIterable, SettingValue { case connection, user, ip }

    struct Settings: GatewayKit.Settings {
        var per = Per.connection
        var rate = Rate(50)
        var burst = 100
        static let fields: [SettingField<Self>] = [
            SettingField("per", \.per, "What a bucket is for."), SettingField("rate", \.rate, "How many messages."),
            SettingField("burst", \.burst, range: 1...100_000, "How many at once."),
        ]

        func validate(_ report: inout SettingsReport) {
            if burst < rate.count, rate.period == .seconds(1) {
                report.add(.error, .invalidValue, "burst", "\(burst) is below rate (\(rate.settingText))", other: ("rate", "rate set"))
            }
        }
    }

    static let name = "rate_limit"
    static let summary = "Limits the rate."
    static let canObserve = true
    static let runsAfter = ["size_limit": "what is too big takes from the rate"]
    init(settings: Settings, context: ModuleContext) {}
    func route(_ command: inout Command, _ connection: Connection) -> Verdict<Rejection> { .proceed }
}

struct Authorization: RouteStage {
    struct Rule: GatewayKit.Settings {
        var allow: [String] = []
        var topics: [String] = []
        var when: [String: String] = [:]
        static let fields: [SettingField<Self>] = [
            SettingField("allow", \.allow, required: true, "What is allowed."),
            SettingField("topics", \.topics, required: true, "On which topics."),
            SettingField("when", \.when, "For whom."),
        ]
    }

    struct Settings: GatewayKit.Settings {
        var rules: [Rule] = []
        static let fields: [SettingField<Self>] = [SettingField("rules", \.rules, "The rules.")]
    }

    static let name = "authorization"
    static let summary = "Decides who may do what."
    static let canObserve = true
    init(settings: Settings, context: ModuleContext) {}
    func route(_ command: inout Command, _ connection: Connection) -> Verdict<Rejection> { .proceed }
}

struct SlowConsumer: DeliverStage {
    static let name = "slow_consumer"
    static let summary = "Drops who is too slow."
    init(settings: NoSettings, context: ModuleContext) {}
    func deliver(_ message: Delivery, to connection: Connection, backlog: Backlog) -> DeliverVerdict { .deliver }
}

struct Memory: PubSubAdapter {
    static let name = "memory"
    static let summary = "Events within the process."
    var health: AdapterHealth { .up }
    init(settings: NoSettings, context: ModuleContext) {}
    func attach(_ sink: any EventSink) {}
    func publish(_ event: Event, on eventLoop: any EventLoop) -> Verdict<Rejection> { .proceed }
    func subscribe(_ pattern: TopicPattern, on eventLoop: any EventLoop) -> Verdict<Rejection> { .proceed }
    func unsubscribe(_ pattern: TopicPattern, on eventLoop: any EventLoop) {}
}

struct Redis: PubSubAdapter {
    struct Settings: GatewayKit.Settings {
        var url = "redis://localhost:6379"
        static let fields: [SettingField<Self>] = [SettingField("url", \.url, environment: .plain("PUBSUB_REDIS_URL"), "The server.")]
    }

    static let name = "redis"
    static let summary = "Events through Redis."
    var health: AdapterHealth { .up }
    init(settings: Settings, context: ModuleContext) {}
    func attach(_ sink: any EventSink) {}
    func publish(_ event: Event, on eventLoop: any EventLoop) -> Verdict<Rejection> { .proceed }
    func subscribe(_ pattern: TopicPattern, on eventLoop: any EventLoop) -> Verdict<Rejection> { .proceed }
    func unsubscribe(_ pattern: TopicPattern, on eventLoop: any EventLoop) {}
}
