import GatewayKit

/// One key of the configuration, for people.
struct SettingReference: CustomStringConvertible {
    /// The key with the keys above it: `drain.grace`, `rules[].topics`.
    let path: String
    /// What values it takes.
    let type: String
    /// The default, as gateway.yaml writes it; nil where the key is required or a mapping.
    let defaultText: String?
    let isRequired: Bool
    let range: String?
    let environment: EnvironmentVariable?
    let documentation: String

    /// The keys of a mapping, each followed by the keys of its own mapping.
    static func list(_ schema: SettingSchema, under prefix: String = "") -> [SettingReference] {
        switch schema {
        case .mapping(let keys):
            keys.flatMap { key in [SettingReference(key, prefix)] + list(key.schema, under: prefix + key.name + ".") }
        case .list(let element): list(element, under: prefix.dropLast() + "[].")
        case .dictionary(let element): list(element, under: prefix.dropLast() + ".*.")
        case .optional(let wrapped): list(wrapped, under: prefix)
        case .boolean, .integer, .text, .choice: []
        }
    }

    /// The keys that every module takes; `mode` only where observing makes sense.
    static func common(observing: Bool) -> [SettingReference] {
        list(CommonModuleSettings.schema).filter { observing || $0.path != "mode" }
    }

    private init(_ key: SettingSchema.Key, _ prefix: String) {
        path = prefix + key.name
        type = key.schema.title
        isRequired = key.isRequired
        defaultText = key.defaultText.flatMap { $0.isEmpty ? nil : $0 }
        range = key.bounds.map { "\($0.lower) to \($0.upper)" }
        environment = key.environment
        documentation = key.documentation
    }

    /// Type, default, range and variable, as far as there are any.
    var facts: [String] {
        var facts = [type]
        if isRequired { facts.append("required") }
        if let defaultText { facts.append("default \(defaultText)") }
        if let range { facts.append("from \(range)") }
        if let environment { facts.append("environment \(environmentText(environment))") }
        return facts
    }

    /// A line of facts and a line of documentation.
    var description: String { "  \(path)  (\(facts.joined(separator: "; ")))\n      \(documentation)" }

    /// The variable with its unit.
    func environmentText(_ variable: EnvironmentVariable) -> String {
        switch variable.unit {
        case "ms": "\(variable.name), in milliseconds"
        case "B": "\(variable.name), in bytes"
        default: variable.name
        }
    }
}
