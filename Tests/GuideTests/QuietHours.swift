import GatewayKit

struct QuietHoursSettings: Settings {
    var from = 22
    var to = 6

    static let fields: [SettingField<Self>] = [
        SettingField("from", \.from, range: 0...23, "The first quiet hour, UTC."),
        SettingField("to", \.to, range: 0...23, "The first hour that is not quiet any more, UTC."),
    ]
}

/// Refuses publishing at night.
struct QuietHours: RouteStage {
    static let name = "quiet_hours"
    static let summary = "Refuses publishing at night."
    private let settings: QuietHoursSettings

    init(settings: QuietHoursSettings, context: ModuleContext) {
        self.settings = settings
    }

    func route(_ command: inout Command, _ connection: Connection) -> Verdict<Rejection> {
        guard command.action == .publish, isQuiet(connection.timestamp) else { return .proceed }
        return .refuse(Rejection(Reason("quiet_hours", code: 403), "Nothing is published at night"))
    }

    private func isQuiet(_ time: Timestamp) -> Bool {
        let hour = Int(time.milliseconds / 3_600_000 % 24)
        return settings.from <= settings.to
            ? (settings.from..<settings.to).contains(hour)
            : hour >= settings.from || hour < settings.to
    }
}

extension QuietHours: ExplainingStage {
    func explain(_ decision: StageDecision, _ connection: Connection) -> StageExplanation? {
        guard case .command(_, .refuse) = decision else { return nil }
        return StageExplanation("it is quiet from \(settings.from) to \(settings.to)", setting: "from")
    }
}
