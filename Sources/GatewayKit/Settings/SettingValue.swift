/// A type that a setting can have: read from a node, shown as text, described by a schema.
public protocol SettingValue: Sendable {
    /// What values look like.
    static var schema: SettingSchema { get }

    /// Reads a value; reports what is wrong and answers nil where it cannot.
    static func decode(_ node: ConfigurationNode, _ decoder: inout SettingsDecoder) -> Self?

    /// The value as gateway.yaml would write it; secrets as `***`.
    var settingText: String { get }

    /// The value with its relative paths made absolute: what a default needs, which nobody has decoded.
    func resolved(in folder: String) -> Self
}

extension SettingValue {
    /// The same: most values hold no path.
    public func resolved(in folder: String) -> Self { self }
}

extension SettingsDecoder {
    /// The text of a scalar; anything else is reported as not being `wanted`.
    public mutating func scalar(_ node: ConfigurationNode, _ wanted: SettingSchema) -> (text: String, isPlain: Bool)? {
        if case .scalar(let text, let isPlain) = node.content, !node.isNull, !node.isBlock || wanted.isFreeText { return (text, isPlain) }
        report(.wrongType, "expected \(wanted.title), got \(node.summary)", at: node, help: Self.help(forScalar: node))
        return nil
    }

    private static func help(forScalar node: ConfigurationNode) -> String {
        switch node.content {
        case .scalar: return node.isBlock ? "write it on the line of its key" : "write a value, or delete the line"
        case .sequence(let elements):
            guard elements.count == 1, case .scalar(let text, _)? = elements.first?.content else { return "write one value" }
            return "write it without the brackets: \(URLLogin.hidden(text).settingText)"
        case .mapping(let entries):
            // `fe80::` is a key for YAML.
            guard entries.count == 1, let entry = entries.first, case .scalar("", isPlain: true) = entry.value.content else {
                return "write one value, without keys"
            }
            return "put it in quotes: \"\(SecretName.shown(entry.key)):\""
        }
    }

    /// Reports text in quotes where a bare word is wanted, with what the bare word lacks where it would not do either.
    mutating func reportQuoted<Value: SettingValue>(_ text: String, _ type: Value.Type, at node: ConfigurationNode) {
        var bare = node
        bare.content = .scalar(text, isPlain: true)
        var attempt = SettingsDecoder(baseFolder: baseFolder)
        let help = Value.decode(bare, &attempt) == nil ? attempt.diagnostics.last?.help : "drop the quotes"
        report(.wrongType, "expected \(Value.schema.title), got \(node.summary)", at: node, help: help)
    }
}
