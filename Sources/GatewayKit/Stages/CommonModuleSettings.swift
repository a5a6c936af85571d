/// The settings that every module takes beside its own.
public struct CommonModuleSettings: Settings {
    /// Whether a refusal counts, or is only counted; for modules whose ``Module/canObserve`` says so.
    public enum Mode: String, Sendable, CaseIterable, SettingValue {
        /// Refusals refuse.
        case enforce
        /// Refusals are counted and logged, and nothing is refused.
        case observe
    }

    /// What an error or a late verdict counts as.
    public enum OnError: String, Sendable, CaseIterable, SettingValue {
        /// As a refusal.
        case refuse
        /// As no objection.
        case proceed
    }

    /// Enforce or observe.
    public var mode = Mode.enforce
    /// How long a `.later` verdict may take.
    public var laterTimeout = Duration.seconds(2)
    /// What a late verdict or an error counts as.
    public var onError = OnError.refuse
    /// When the module is spared for a while.
    public var breaker = BreakerSettings()

    /// The defaults.
    public init() {}

    /// The keys.
    public static let fields: [SettingField<Self>] = [
        SettingField("mode", \.mode, "enforce, or observe: count and log what would be refused, and refuse nothing."),
        SettingField(
            "later_timeout", \.laterTimeout, range: .milliseconds(1)...(.seconds(60)),
            "How long a verdict that waits may take; in the stages accept, handshake, auth, route and pubsub."),
        SettingField(
            "on_error", \.onError, "What a verdict that failed or came too late counts as; in the stages accept, handshake and route."),
        SettingField(
            "breaker", \.breaker,
            "When a module whose verdicts fail or come too late is not asked for a while; in the stages accept, handshake and route."),
    ]
}

/// When a module is not asked for a while, so that nobody waits for what does not come; `on_error` holds meanwhile.
public struct BreakerSettings: Settings {
    /// How many verdicts in a row have to fail or be late; 0 for never.
    public var failures = 10
    /// For how long the module is not asked then.
    public var pause = Duration.seconds(5)

    /// The defaults.
    public init() {}

    /// The keys.
    public static let fields: [SettingField<Self>] = [
        SettingField(
            "failures", \.failures, range: 0...100_000, "How many verdicts in a row have to fail or come too late; 0 = it is always asked."),
        SettingField(
            "pause", \.pause, range: .milliseconds(100)...(.seconds(3600)),
            "How long it is not asked then; the first failure after that begins another pause."),
    ]

    /// A module that is always asked.
    package static var never: BreakerSettings {
        var settings = BreakerSettings()
        settings.failures = 0
        return settings
    }
}
