package import GatewayKit

/// Writes a mapping of settings as YAML, with every default: the example of `gateway modules describe`.
package enum SettingsExample {
    /// The lines of a mapping, indented from the margin.
    ///
    /// - Parameters:
    ///   - schema: The mapping's schema.
    ///   - owner: Whose settings they are: the beginning of the names of variables.
    ///   - isWhole: Whether every key stands there, or only what is required and secrets.
    /// - Returns: The lines.
    package static func lines(_ schema: SettingSchema, of owner: String, isWhole: Bool = true) -> [String] {
        guard case .mapping(let keys) = unwrapped(schema) else { return [] }
        return keys.filter { isWhole || $0.isRequired || $0.schema.isSecret }.flatMap { key in
            let inner = key.defaultText?.isEmpty == false ? [] : lines(key.schema, of: "\(owner)_\(key.name)")
            guard inner.isEmpty else { return ["\(key.name):"] + inner.map { "  \($0)" } }
            return ["\(key.name): \(value(key, of: owner))"]
        }
    }

    private static func value(_ key: SettingSchema.Key, of owner: String) -> String {
        // A secret belongs into a variable, and where one can be given an example gives it.
        if key.schema.isSecret { return "${\("\(owner)_\(key.name)".uppercased())}" }
        if let example = key.example { return example }
        if let text = key.defaultText, !text.isEmpty { return text }
        switch unwrapped(key.schema) {
        case .boolean: return "false"
        case .integer: return "1"
        case .choice(let words): return words.first ?? "null"
        case .list: return "[]"
        case .mapping, .dictionary: return "{}"
        case .text(let what, _):
            // "a size such as 64KiB" shows how one looks.
            return what.split(separator: " ").last.map { $0.contains("*") ? "\"\($0)\"" : String($0) } ?? "\"\""
        case .optional: return "null"
        }
    }

    private static func unwrapped(_ schema: SettingSchema) -> SettingSchema {
        if case .optional(let wrapped) = schema { unwrapped(wrapped) } else { schema }
    }
}
