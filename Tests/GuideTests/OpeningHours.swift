import GatewayKit

enum Day: String, CaseIterable, Sendable, SettingValue { case weekday, saturday, sunday }

struct OpeningHours: Settings {
    var days: [Day] = [.weekday]
    var from = 9
    var to = 17
    var notice = Duration.seconds(300)

    static let fields: [SettingField<Self>] = [
        SettingField("days", \.days, "The days on which it is open."),
        SettingField("from", \.from, range: 0...23, "The hour in which it opens, UTC."),
        SettingField("to", \.to, range: 1...24, "The hour in which it closes, UTC."),
        SettingField("notice", \.notice, range: .zero...(.seconds(3600)), "How long before the end clients are told."),
    ]

    func validate(_ report: inout SettingsReport) {
        guard from >= to else { return }
        report.add(.error, .outOfRange, "to", "it closes before it opens", other: ("from", "it opens here"), help: "write a later hour")
    }
}
