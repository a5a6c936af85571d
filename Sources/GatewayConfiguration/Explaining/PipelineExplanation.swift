package import GatewayKit

/// The chain of modules as it runs, stage by stage.
package struct PipelineExplanation: Sendable {
    /// One stage.
    package struct Part: Sendable {
        /// The stage's name, and what it asks.
        package let title: String
        /// Its modules, in the order of running.
        package let modules: [Link]
    }

    /// One module in its place.
    package struct Link: Sendable {
        /// The key under `modules`.
        package let instance: String
        /// What of the settings of every module differs from the default, as YAML.
        package let settings: [String]
        /// Where it is named.
        package let origin: String
    }

    /// The stages, in the order in which a connection and its messages meet them.
    package let parts: [Part]

    /// Explains the pipeline of a configuration.
    package init<Core: Settings>(_ loaded: LoadedConfiguration<Core>) {
        parts = Stage.allCases.flatMap { stage -> [Part] in
            let modules = loaded.pipeline.stages[stage, default: []]
            let links = zip(modules, Self.origins(loaded.root[path: ["pipeline", stage.rawValue]], modules.count)).map(Self.link)
            let all = Array(zip(modules, links))
            guard stage == .route else { return [Part(title: "\(stage.rawValue): \(stage.question)", modules: links)] }
            let raw = all.filter { $0.0.type is any FrameStage.Type }.map(\.1)
            let part = Part(
                title: "\(stage.rawValue): \(stage.question)", modules: all.filter { $0.0.type is any RouteStage.Type }.map(\.1))
            if raw.isEmpty { return [part] }
            return [Part(title: "\(stage.rawValue), raw messages: before the protocol and before authentication", modules: raw), part]
        }
    }

    private static func link(_ module: ConfiguredModule, _ origin: String) -> Link {
        let standard = CommonModuleSettings()
        let settings = CommonModuleSettings.fields.filter { field in
            let isOwn = keys(module.type).contains(field.name)
            return !isOwn && field.text(module.common) != field.text(standard)
        }
        return Link(instance: module.instance, settings: settings.map { "\($0.name): \($0.text(module.common))" }, origin: origin)
    }

    private static func keys<M: Module>(_ type: M.Type) -> [String] { M.Settings.fields.map(\.name) }

    /// Where each name of a stage stands.
    private static func origins(_ node: ConfigurationNode?, _ count: Int) -> [String] {
        switch node?.content {
        case .sequence(let elements) where elements.count == count: elements.map(ValueOrigin.text(of:))
        case .scalar where node?.isNull == false: node.map { [ValueOrigin.text(of: $0)] } ?? []
        default: Array(repeating: ValueOrigin.standard, count: count)
        }
    }
}
