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
        if case .scalar(let text, let isPlain) = node.content, !node.isNull { return (text, isPlain) }
        report(.wrongType, "expected \(wanted.title), got \(node.summary)", at: node)
        return nil
    }
}
