import GatewayKit

/// Writes values as YAML on one line, with stars in place of secrets.
struct ValueText {
    /// What stands for a secret; in quotes, since a plain star would be an alias.
    static let hidden = "\"***\""

    /// The variables and files that hold secrets.
    let secrets: SecretSources

    /// A value by its type.
    func text(_ node: ConfigurationNode, _ schema: SettingSchema) -> String {
        if node.isNull { return "null" }
        switch (node.content, schema.unwrapped) {
        case (.scalar(let text, _), let schema): return scalar(text, node, schema)
        case (.sequence(let elements), let schema):
            let inner = if case .list(let inner) = schema { inner } else { schema }
            return "[\(elements.map { self.text($0, inner) }.joined(separator: ", "))]"
        case (.mapping(let entries), let schema):
            let texts = entries.map { "\($0.key.settingText): \(self.text($0.value, Self.inner(schema, $0.key)))" }
            return "{\(texts.joined(separator: ", "))}"
        }
    }

    /// The type under a key; for a key that nobody declared, one that is a secret's by its name.
    static func inner(_ schema: SettingSchema, _ key: String) -> SettingSchema {
        switch schema.unwrapped {
        case .mapping(let keys): keys.first { $0.name == key }?.schema ?? String.schema
        case .dictionary(let inner): SecretName.matches(key) ? Secret.schema : inner
        default: schema
        }
    }

    /// Whether a value is a secret, by its type or by where it comes from.
    func isHidden(_ node: ConfigurationNode, _ text: String, _ schema: SettingSchema) -> Bool {
        schema.isSecret || secrets.feed(node.template ?? text)
    }

    private func scalar(_ text: String, _ node: ConfigurationNode, _ schema: SettingSchema) -> String {
        if text.isEmpty { return "\"\"" }
        // What else stands in the text may be a part of a secret.
        if !node.unset.isEmpty { return node.unset.map { "${\($0)}" }.joined().settingText }
        if isHidden(node, text, schema) { return Self.hidden }
        switch schema {
        case .boolean, .integer: return text
        default: return URLLogin.hidden(text).settingText
        }
    }
}

extension SettingSchema {
    /// The type without its `null`.
    var unwrapped: SettingSchema { if case .optional(let wrapped) = self { wrapped.unwrapped } else { self } }
}
