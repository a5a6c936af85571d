public import GatewayKit

/// What stands under `modules.ingress`.
public struct IngressSettings: Settings {
    /// How many requests a user may make in the long run.
    public var rate = Rate(50)
    /// How many requests a user may make at once.
    public var burst = 100
    /// How many answers are kept for `Idempotency-Key`.
    public var idempotency = IdempotencySettings()
    /// The routes.
    public var routes = IngressRoutes([.message])

    /// The defaults: the one route `POST /api/messages`.
    public init() {}

    /// The keys.
    public static let fields: [SettingField<Self>] = [
        SettingField(
            "rate", \.rate, "How many requests a user, an API key's sender or else an address may make in the long run."),
        SettingField("burst", \.burst, range: 1...1_000_000, "How many requests may be made at once."),
        SettingField("idempotency", \.idempotency, "How many answers are kept, for 24 hours, for requests with an Idempotency-Key."),
        SettingField("routes", \.routes, "Which requests become events, and of which topics."),
    ]

    /// Compares burst and rate.
    public func validate(_ report: inout SettingsReport) { report.compare(burst: burst, with: rate) }
}

/// Bounds of the answers that are kept for requests with an `Idempotency-Key`.
public struct IdempotencySettings: Settings {
    /// How many answers.
    public var maxAnswers = 100_000
    /// How much memory the answers take together.
    public var maxBytes = ByteCount.mebibytes(64)

    /// The defaults.
    public init() {}

    /// The keys.
    public static let fields: [SettingField<Self>] = [
        SettingField(
            "max_answers", \.maxAnswers, range: 1...10_000_000,
            "How many answers are kept; beyond it, and beyond a client's sixteenth, the oldest goes."),
        SettingField(
            "max_bytes", \.maxBytes, range: .kibibytes(64)...(.mebibytes(1 << 16)),
            "How much memory they take together; beyond it, and beyond a client's sixteenth, the oldest goes."),
    ]
}

extension IdempotencySettings {
    /// How many answers one client may have: a sixteenth, but a few where that is next to nothing.
    var clientAnswers: Int { min(maxAnswers, max(maxAnswers / 16, 16)) }
    /// How much memory the answers of one client may take; a larger answer is not kept.
    var clientBytes: Int { min(maxBytes.bytes, max(maxBytes.bytes / 16, 65_536)) }
}
