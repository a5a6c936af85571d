package import GatewayKit

/// The effective configuration: every value that is in force, with its origin.
package struct ConfigurationExplanation: Sendable {
    /// The keys at the top.
    package let values: [ExplainedValue]

    /// Explains a configuration.
    ///
    /// - Parameters:
    ///   - loaded: What was loaded.
    ///   - modules: The module types that are compiled in.
    package init<Core: Settings>(_ loaded: LoadedConfiguration<Core>, modules: [any Module.Type]) {
        let root = loaded.root
        let catalogue = ModuleCatalogue(types: modules)
        let explainer = ValueExplainer(text: ValueText(secrets: loaded.secretSources(catalogue)))
        var values: [ExplainedValue] = []
        if let version = root["version"] { values += [explainer.value("version", Int?.schema, "null", version)] }
        values += [explainer.value("strict", Bool.schema, "false", root["strict"])]
        values += explainer.values(Core.schema, root)
        values += [ExplainedValue(key: "pipeline", content: .mapping(Self.pipeline(loaded.pipeline, root["pipeline"])), origin: nil)]
        let instances = Self.instances(loaded.pipeline, explainer) + Self.idle(root["modules"], loaded.pipeline, catalogue, explainer)
        values += [ExplainedValue(key: "modules", content: .mapping(instances), origin: nil)]
        self.values = values
    }

    private static func pipeline(_ pipeline: ConfiguredPipeline, _ node: ConfigurationNode?) -> [ExplainedValue] {
        Stage.allCases.map { stage in
            let names = pipeline.stages[stage, default: []].map(\.instance)
            let text = stage == .pubsub ? names.first ?? "null" : "[\(names.joined(separator: ", "))]"
            let given = node?[stage.rawValue].flatMap { $0.isNull ? nil : $0 }
            return ExplainedValue(
                key: stage.rawValue, content: .value(text), origin: given.map(ValueOrigin.text(of:)) ?? ValueOrigin.standard)
        }
    }

    /// The modules of the pipeline, in its order.
    private static func instances(_ pipeline: ConfiguredPipeline, _ explainer: ValueExplainer) -> [ExplainedValue] {
        var seen: Set<String> = []
        return Stage.allCases.flatMap { pipeline.stages[$0, default: []] }.filter { seen.insert($0.instance).inserted }.map { module in
            let own = explainer.values(schema(module.type), module.node)
            let common = explainer.values(CommonModuleSettings.schema, module.node).filter { common in
                !own.contains { $0.key == common.key } && (common.key != "mode" || module.type.canObserve)
            }
            return ExplainedValue(key: module.instance, content: .mapping(own + common), origin: nil)
        }
    }

    /// What is configured and stands in no stage: as it was written, since nobody reads it.
    private static func idle(
        _ node: ConfigurationNode?, _ pipeline: ConfiguredPipeline, _ catalogue: ModuleCatalogue, _ explainer: ValueExplainer
    ) -> [ExplainedValue] {
        let used = Set(pipeline.stages.values.flatMap { $0.map(\.instance) })
        return (node?.entries ?? []).filter { !used.contains($0.key) }.map { entry in
            let schema = catalogue.schema(of: entry.key)
            let values = (entry.value.entries ?? []).map { explainer.value($0.key, ValueText.inner(schema, $0.key), nil, $0.value) }
            return ExplainedValue(key: entry.key, content: .mapping(values), origin: "in no stage")
        }
    }

    private static func schema<M: Module>(_ type: M.Type) -> SettingSchema { M.Settings.schema }
}
