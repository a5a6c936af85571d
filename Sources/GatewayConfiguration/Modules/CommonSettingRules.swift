import GatewayKit

/// Settings that every module takes, and that do nothing in the stages where it stands.
struct CommonSettingRules {
    let lists: PipelineLists
    /// The effective tree.
    let root: ConfigurationNode

    /// Where something waits for a verdict, and where what did not come may count as one.
    private static let stages: [(setting: String, stages: Set<Stage>)] = [
        ("later_timeout", [.accept, .handshake, .auth, .route, .pubsub]), ("on_error", deciding), ("breaker", deciding),
    ]
    private static let deciding: Set<Stage> = [.accept, .handshake, .route]

    /// A warning for each.
    func findings() -> [Diagnostic] {
        var seen: Set<String> = []
        return lists.names.filter { seen.insert($0.instance).inserted }.flatMap { name -> [Diagnostic] in
            let own = Set(name.type.settingNames)
            let standsIn = Stage.allCases.filter { stage in lists.stages[stage, default: []].contains { $0.instance == name.instance } }
            return Self.stages.compactMap { setting, stages in
                guard stages.isDisjoint(with: standsIn), !own.contains(setting) else { return nil }
                guard let entry = root[path: ["modules", name.instance]]?.entries?.first(where: { $0.key == setting }) else { return nil }
                let words = { (stages: [Stage]) in stages.map(\.rawValue).joined(separator: ", ") }
                return Diagnostic(
                    .warning, .wrongStage, "modules.\(name.instance).\(setting) does nothing in the stage \(words(standsIn))",
                    at: entry.keyPlace, help: "delete it: it counts in \(words(Stage.allCases.filter(stages.contains)))")
            }
        }
    }
}

extension Module {
    /// The names of the module's own settings.
    fileprivate static var settingNames: [String] { Settings.fields.map(\.name) }
}
