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
        var values: [ExplainedValue] = []
        if let version = root["version"] { values += [Self.value("version", Int?.schema, "null", version)] }
        values += [Self.value("strict", Bool.schema, "false", root["strict"])]
        values += Self.values(Core.schema, root)
        values += [ExplainedValue(key: "pipeline", content: .mapping(Self.pipeline(loaded.pipeline, root["pipeline"])), origin: nil)]
        let instances = Self.instances(loaded.pipeline) + Self.idle(root["modules"], loaded.pipeline, ModuleCatalogue(types: modules))
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
    private static func instances(_ pipeline: ConfiguredPipeline) -> [ExplainedValue] {
        var seen: Set<String> = []
        return Stage.allCases.flatMap { pipeline.stages[$0, default: []] }.filter { seen.insert($0.instance).inserted }.map { module in
            let own = values(schema(module.type), module.node)
            let common = values(CommonModuleSettings.schema, module.node).filter { common in
                !own.contains { $0.key == common.key } && (common.key != "mode" || module.type.canObserve)
            }
            return ExplainedValue(key: module.instance, content: .mapping(own + common), origin: nil)
        }
    }

    /// What is configured and stands in no stage: as it was written, since nobody reads it.
    private static func idle(_ node: ConfigurationNode?, _ pipeline: ConfiguredPipeline, _ catalogue: ModuleCatalogue) -> [ExplainedValue] {
        let used = Set(pipeline.stages.values.flatMap { $0.map(\.instance) })
        return (node?.entries ?? []).filter { !used.contains($0.key) }.map { entry in
            let schema = catalogue.type(of: entry.key).map { self.schema($0) } ?? SettingSchema.dictionary(String.schema)
            let values = (entry.value.entries ?? []).map { value($0.key, ValueText.inner(schema, $0.key), nil, $0.value) }
            return ExplainedValue(key: entry.key, content: .mapping(values), origin: "in no stage")
        }
    }

    private static func schema<M: Module>(_ type: M.Type) -> SettingSchema { M.Settings.schema }
}

extension ConfigurationExplanation {
    /// The keys of a mapping, given or not.
    private static func values(_ schema: SettingSchema, _ node: ConfigurationNode?) -> [ExplainedValue] {
        guard case .mapping(let keys) = schema.unwrapped else { return [] }
        return keys.map { value($0.name, $0.schema, $0.defaultText, node?[$0.name]) }
    }

    private static func value(_ key: String, _ schema: SettingSchema, _ standard: String?, _ node: ConfigurationNode?) -> ExplainedValue {
        guard let node, !node.isNull else { return value(key, schema, standard, null: node) }
        switch (node.content, schema.unwrapped) {
        case (.mapping, .mapping): return ExplainedValue(key: key, content: .mapping(values(schema, node)), origin: nil)
        case (.mapping(let entries), .dictionary) where !entries.isEmpty:
            let values = entries.map { value($0.key, ValueText.inner(schema, $0.key), nil, $0.value) }
            return ExplainedValue(key: key, content: .mapping(values), origin: nil)
        case (.sequence(let elements), .list(let inner)) where !elements.allSatisfy(isScalar):
            let elements = elements.map { ExplainedValue.Element(text: ValueText.text($0, inner), origin: ValueOrigin.text(of: $0)) }
            return ExplainedValue(key: key, content: .list(elements), origin: ValueOrigin.text(of: node))
        default: return ExplainedValue(key: key, content: .value(ValueText.text(node, schema)), origin: ValueOrigin.text(of: node))
        }
    }

    /// What is not given, or `null`: the default.
    private static func value(
        _ key: String, _ schema: SettingSchema, _ standard: String?, null node: ConfigurationNode?
    ) -> ExplainedValue {
        if standard == nil, case .mapping = schema {
            return ExplainedValue(key: key, content: .mapping(values(schema, nil)), origin: nil)
        }
        let isSecret = schema.isSecret && standard != "null"
        let text = isSecret ? ValueText.hidden : standard ?? "null"
        let origin = node.map { text == "null" ? ValueOrigin.text(of: $0) : ValueOrigin.text(ofNull: $0) }
        return ExplainedValue(key: key, content: .value(text), origin: origin ?? ValueOrigin.standard)
    }

    private static func isScalar(_ node: ConfigurationNode) -> Bool { if case .scalar = node.content { true } else { false } }
}
