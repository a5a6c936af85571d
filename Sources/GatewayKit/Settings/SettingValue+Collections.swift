extension Optional: SettingValue where Wrapped: SettingValue {
    /// The type or null.
    public static var schema: SettingSchema { .optional(Wrapped.schema) }

    /// Reads null or a value.
    public static func decode(_ node: ConfigurationNode, _ decoder: inout SettingsDecoder) -> Wrapped?? {
        if node.isNull { return .some(.none) }
        guard let value = Wrapped.decode(node, &decoder) else { return nil }
        return .some(value)
    }

    /// The value or `null`.
    public var settingText: String { self?.settingText ?? "null" }

    /// The value with its relative paths made absolute.
    public func resolved(in folder: String) -> Self { map { $0.resolved(in: folder) } }
}

extension Array: SettingValue where Element: SettingValue {
    /// A list.
    public static var schema: SettingSchema { .list(Element.schema) }

    /// Reads a list; every bad element is reported.
    public static func decode(_ node: ConfigurationNode, _ decoder: inout SettingsDecoder) -> [Element]? {
        guard case .sequence(let nodes) = node.content else {
            decoder.report(.wrongType, "expected \(schema.title), got \(node.summary)", at: node, help: Self.help(for: node))
            return nil
        }
        let values = nodes.enumerated().map { index, node in decoder.within("[\(index)]") { Element.decode(node, &$0) } }
        return values.contains { $0 == nil } ? nil : values.compactMap { $0 }
    }

    private static func help(for node: ConfigurationNode) -> String? {
        if case .commandLine = node.place.origin { return "--set takes scalars only; write the list in the file" }
        guard case .scalar(let text, let isPlain) = node.content, !node.isNull, !node.isFilled, text.utf8.count < 60 else {
            return node.isFilled ? nil : "start each element with `- `, on a line of its own"
        }
        if isPlain, text.first == "-" { return "put a space behind the dash: `- \(text.dropFirst().prefix { !$0.isWhitespace })`" }
        return "write it in brackets: [\(URLLogin.hidden(text).settingText)]"
    }

    /// `[a, b]`.
    public var settingText: String { "[\(map(\.settingText).joined(separator: ", "))]" }

    /// The values with their relative paths made absolute.
    public func resolved(in folder: String) -> Self { map { $0.resolved(in: folder) } }
}

extension Dictionary: SettingValue where Key == String, Value: SettingValue {
    /// Any keys.
    public static var schema: SettingSchema { .dictionary(Value.schema) }

    /// Reads a mapping with any keys; every bad value is reported.
    public static func decode(_ node: ConfigurationNode, _ decoder: inout SettingsDecoder) -> [String: Value]? {
        guard case .mapping(let entries) = node.content else {
            decoder.report(
                .wrongType, "expected \(schema.title), got \(node.summary)", at: node, help: "write keys with values: {KEY: VALUE}")
            return nil
        }
        var values: [String: Value] = [:]
        var isGood = true
        for entry in entries {
            let value = decoder.within(entry.key) { Value.decode(entry.value, &$0) }
            values[entry.key] = value
            isGood = isGood && value != nil
        }
        return isGood ? values : nil
    }

    /// `{a: 1, b: 2}`.
    public var settingText: String {
        "{\(sorted { $0.key < $1.key }.map { "\($0.key): \($0.value.settingText)" }.joined(separator: ", "))}"
    }

    /// The values with their relative paths made absolute.
    public func resolved(in folder: String) -> Self { mapValues { $0.resolved(in: folder) } }
}
