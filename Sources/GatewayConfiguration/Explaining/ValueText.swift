import GatewayKit

/// Writes values as YAML on one line, with stars in place of secrets.
enum ValueText {
    /// What stands for a secret; in quotes, since a plain star would be an alias.
    static let hidden = "\"***\""

    /// A value by its type.
    static func text(_ node: ConfigurationNode, _ schema: SettingSchema) -> String {
        if node.isNull { return "null" }
        switch (node.content, schema.unwrapped) {
        case (.scalar(let text, _), let schema): return scalar(text, node.template, schema)
        case (.sequence(let elements), let schema):
            let inner = if case .list(let inner) = schema { inner } else { schema }
            return "[\(elements.map { self.text($0, inner) }.joined(separator: ", "))]"
        case (.mapping(let entries), let schema):
            return "{\(entries.map { "\($0.key.settingText): \(self.text($0.value, inner(schema, $0.key)))" }.joined(separator: ", "))}"
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

    private static func scalar(_ text: String, _ template: String?, _ schema: SettingSchema) -> String {
        if text.isEmpty { return "\"\"" }
        if schema.isSecret || isSecret(template ?? text) { return hidden }
        switch schema {
        case .boolean, .integer: return text
        default: return text.replacing(/:\/\/[^\/\s@]*@/) { _ in "://***@" }.settingText
        }
    }

    /// Whether a variable or file in the text sounds like a secret.
    private static func isSecret(_ template: String) -> Bool {
        guard VariableTemplate.isTemplate(template), let parts = (try? VariableTemplate(template))?.parts else { return false }
        return parts.contains { part in
            switch part {
            case .text: false
            case .variable(let name, _): SecretName.matches(name)
            case .file(let path): SecretName.matches(path)
            }
        }
    }
}

extension SettingSchema {
    /// The type without its `null`.
    var unwrapped: SettingSchema { if case .optional(let wrapped) = self { wrapped.unwrapped } else { self } }
}
