import GatewayKit

/// Explains the values of settings.
struct ValueExplainer {
    let text: ValueText

    /// The keys of a mapping, given or not.
    func values(_ schema: SettingSchema, _ node: ConfigurationNode?) -> [ExplainedValue] {
        guard case .mapping(let keys) = schema.unwrapped else { return [] }
        return keys.map { value($0.name, $0.schema, $0.defaultText, node?[$0.name]) }
    }

    /// A key with its value, or its default.
    func value(_ key: String, _ schema: SettingSchema, _ standard: String?, _ node: ConfigurationNode?) -> ExplainedValue {
        guard let node, !node.isNull else { return value(key, schema, standard, null: node) }
        switch (node.content, schema.unwrapped) {
        case (.mapping, .mapping): return ExplainedValue(key: key, content: .mapping(values(schema, node)), origin: nil)
        case (.mapping(let entries), .dictionary) where !entries.isEmpty:
            let values = entries.map { value($0.key, ValueText.inner(schema, $0.key), nil, $0.value) }
            return ExplainedValue(key: key, content: .mapping(values), origin: nil)
        case (.sequence(let elements), .list(let inner)) where !elements.allSatisfy(Self.isScalar):
            let elements = elements.map { ExplainedValue.Element(text: text.text($0, inner), origin: ValueOrigin.text(of: $0)) }
            return ExplainedValue(key: key, content: .list(elements), origin: ValueOrigin.text(of: node))
        default: return ExplainedValue(key: key, content: .value(text.text(node, schema)), origin: ValueOrigin.text(of: node))
        }
    }

    /// What is not given, or `null`: the default.
    private func value(
        _ key: String, _ schema: SettingSchema, _ standard: String?, null node: ConfigurationNode?
    ) -> ExplainedValue {
        if standard == nil, case .mapping = schema {
            return ExplainedValue(key: key, content: .mapping(values(schema, nil)), origin: nil)
        }
        let isSecret = schema.isSecret && standard != "null"
        let shown = isSecret ? ValueText.hidden : standard ?? "null"
        let origin = node.map { shown == "null" ? ValueOrigin.text(of: $0) : ValueOrigin.text(ofNull: $0) }
        return ExplainedValue(key: key, content: .value(shown), origin: origin ?? ValueOrigin.standard)
    }

    private static func isScalar(_ node: ConfigurationNode) -> Bool { if case .scalar = node.content { true } else { false } }
}
