public import GatewayKit

/// What stands under `modules.webhook`.
public struct WebhookSettings: Settings {
    /// What the back end can be asked about.
    public enum Action: String, Sendable, CaseIterable, SettingValue {
        /// Subscriptions of clients.
        case subscribe
        /// What clients publish.
        case publish
        /// What comes over HTTP.
        case ingress
    }

    /// Where to ask; nil asks nobody.
    public var url: BackEndURL?
    /// What it is asked about.
    public var actions: [Action] = [.subscribe, .publish]
    /// The topics that it is asked about.
    public var topics = [TopicPattern.all]
    /// The claims of the token that it is told.
    public var claims: [String] = []
    /// Whether it is told what is published.
    public var sendData = true
    /// How much of that there may be.
    public var maxData = ByteCount.kibibytes(64)
    /// How large an answer may be.
    public var maxAnswer = ByteCount.kibibytes(16)
    /// How long an answer may take.
    public var timeout = Duration.seconds(1)
    /// How many questions may be under way.
    public var maxInFlight = 256
    /// How many connections they share.
    public var maxConnections = 32
    /// How long a yes holds; nil asks each time.
    public var cacheTTL: Duration?
    /// How many of them are remembered.
    public var cacheSize = 10_000
    /// What tells the back end that the gateway may ask.
    public var token: Secret?
    /// What signs each request.
    public var secret: Secret?
    /// Where connection events go; nil sends none.
    public var eventsURL: BackEndURL?
    /// Which events.
    public var events: [ConnectionEvent.Kind] = [.authenticated, .closed]
    /// How many events may wait.
    public var maxEvents = 10_000
    /// How often a batch of events is tried.
    public var eventAttempts = 5

    static let minSecretBytes = 32

    /// The defaults.
    public init() {}

    /// The keys.
    public static let fields: [SettingField<Self>] = [
        SettingField("url", \.url, "Where a question is posted; null = nobody is asked.").example("http://127.0.0.1:9000/decisions"),
        SettingField("actions", \.actions, "What is asked about."),
        SettingField("topics", \.topics, "The topics that are asked about, and the patterns that overlap them; all else goes on unasked."),
        SettingField("claims", \.claims, "The names of the claims that the back end is told beside the user."),
        SettingField("send_data", \.sendData, "Whether the back end is told what is published."),
        SettingField(
            "max_data", \.maxData, range: ByteCount(1)...ByteCount.mebibytes(16), "The most that is told; a larger message is 413."),
        // Every answer of the known form fits, however its text is escaped.
        SettingField("max_answer", \.maxAnswer, range: ByteCount.kibibytes(2)...ByteCount.mebibytes(1), "The largest answer that is read."),
        SettingField(
            "timeout", \.timeout, range: .milliseconds(1)...(.seconds(30)), "How long an answer may take; keep it under later_timeout."),
        SettingField(
            "max_in_flight", \.maxInFlight, range: 1...100_000, "How many questions may be under way; one more is 503 overloaded."),
        SettingField("max_connections", \.maxConnections, range: 1...1000, "How many connections to the back end they share."),
        SettingField(
            "cache_ttl", \.cacheTTL, range: .milliseconds(1)...(.seconds(86_400)),
            "How long a yes holds for the same user, claims, action and topic; null = not at all. One about data never holds."),
        SettingField("cache_size", \.cacheSize, range: 1...1_000_000, "How many of them are remembered; more are asked again."),
        SettingField("token", \.token, "Goes along as `Authorization: Bearer`."),
        SettingField("secret", \.secret, "Signs each body: X-Gateway-Signature: sha256=HMAC in hex."),
        SettingField("events_url", \.eventsURL, "Where connection events are posted; null = nowhere."),
        SettingField("events", \.events, "Which events are posted."),
        SettingField("max_events", \.maxEvents, range: 1...1_000_000, "How many events may wait; over it the oldest is dropped."),
        SettingField("event_attempts", \.eventAttempts, range: 1...100, "How often a batch of events is tried before it is given up."),
    ]

    /// Something is to be done, and what tells who asks can be sent.
    public func validate(_ report: inout SettingsReport) {
        if url == nil, eventsURL == nil {
            report.add(
                .error, .missingKey, "url", "has to be given, unless events_url is", help: "write url: http://HOST:PORT/PATH")
        }
        for (key, isEmpty) in [("actions", actions.isEmpty), ("topics", topics.isEmpty), ("events", events.isEmpty)] where isEmpty {
            report.add(.error, .invalidValue, key, "names nothing", help: "leave the key out for the default")
        }
        if let token, !token.bytes.allSatisfy({ (0x21...0x7E).contains($0) }) {
            report.add(
                .error, .invalidValue, "token", "has a character that no header can carry",
                help: "give letters, digits and punctuation of ASCII")
        }
        if let secret, !secret.bytes.isEmpty, secret.bytes.count < Self.minSecretBytes {
            report.add(
                .error, .weakSecret, "secret", "has \(secret.bytes.count) bytes, and needs at least \(Self.minSecretBytes)",
                help: "make one with: openssl rand -hex 32")
        }
    }
}
