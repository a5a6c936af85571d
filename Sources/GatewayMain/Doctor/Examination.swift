import GatewayConfiguration
import GatewayKit
import GatewayServer

/// A configuration and the machine that it is for: what an examination looks at.
struct Examination {
    let configuration: LoadedConfiguration<CoreSettings>
    let facts: MachineFacts
    /// What reading the configuration has found beside errors.
    var warnings: [Diagnostic] = []

    /// The gateway's own settings.
    var core: CoreSettings { configuration.core }

    /// The settings of a module that stands in a stage, with its instance.
    func settings<S: Settings>(_ stage: Stage, as type: S.Type = S.self) -> [(instance: String, settings: S)] {
        configuration.pipeline.stages[stage, default: []].compactMap { module in
            (module.settings as? S).map { (module.instance, $0) }
        }
    }

    /// A finding at a setting.
    func finding(_ severity: Diagnostic.Severity, _ code: DiagnosticCode, _ path: [String], _ message: String, help: String) -> Diagnostic {
        Diagnostic(severity, code, "\(path.joined(separator: ".")): \(message)", at: configuration.root.place(of: path), help: help)
    }
}
