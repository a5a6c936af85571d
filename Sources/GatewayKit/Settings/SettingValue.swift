/// A type that a setting can have: read from a node, shown as text, described by a schema.
public protocol SettingValue: Sendable {
    /// What values look like.
    static var schema: SettingSchema { get }

    /// Reads a value; reports what is wrong and answers nil where it cannot.
    static func decode(_ node: ConfigurationNode, _ decoder: inout SettingsDecoder) -> Self?

    /// The value as gateway.yaml would write it; secrets as `***`.
    var settingText: String { get }
}

/// What the values of a setting look like: enough for a JSON Schema and for the reference.
public indirect enum SettingSchema: Sendable {
    /// `true` or `false`.
    case boolean
    /// A whole number.
    case integer
    /// Text, with what it should look like.
    case text(String)
    /// One of some words.
    case choice([String])
    /// A list.
    case list(SettingSchema)
    /// Keys with their types.
    case mapping([Key])
    /// Any keys, all of one type.
    case dictionary(SettingSchema)
    /// The value or null.
    case optional(SettingSchema)

    /// One key of a mapping.
    public struct Key: Sendable {
        /// The key.
        public let name: String
        /// Its type.
        public let schema: SettingSchema
        /// Whether it has to be there.
        public let isRequired: Bool
        /// Its default, as gateway.yaml writes it.
        public let defaultText: String?
        /// Its range, for people.
        public let range: String?
        /// The document's variable.
        public let environment: EnvironmentVariable?
        /// One line for people.
        public let documentation: String
    }

    /// What the type is called in messages and in the reference.
    public var title: String {
        switch self {
        case .boolean: "true or false"
        case .integer: "an integer"
        case .text(let what): what
        case .choice(let words): "one of \(words.joined(separator: ", "))"
        case .list(let element): "a list: \(element.title)"
        case .mapping: "a mapping"
        case .dictionary(let element): "a mapping: \(element.title)"
        case .optional(let wrapped): "\(wrapped.title), or null"
        }
    }
}

extension SettingsDecoder {
    /// The text of a scalar; anything else is reported as not being `wanted`.
    public mutating func scalar(_ node: ConfigurationNode, _ wanted: SettingSchema) -> (text: String, isPlain: Bool)? {
        if case .scalar(let text, let isPlain) = node.content, !node.isNull { return (text, isPlain) }
        report(.wrongType, "expected \(wanted.title), got \(node.summary)", at: node)
        return nil
    }
}

extension Bool: SettingValue {
    /// `true` or `false`.
    public static var schema: SettingSchema { .boolean }

    /// Reads `true` or `false`, and no other word.
    public static func decode(_ node: ConfigurationNode, _ decoder: inout SettingsDecoder) -> Bool? {
        guard let (text, _) = decoder.scalar(node, schema) else { return nil }
        switch text {
        case "true": return true
        case "false": return false
        default:
            let isYes = ["yes", "y", "on", "1", "true"].contains(text.lowercased())
            let isNo = ["no", "n", "off", "0", "false"].contains(text.lowercased())
            decoder.report(
                .wrongType, "expected true or false, got '\(text)'", at: node, help: isYes ? "write true" : isNo ? "write false" : nil)
            return nil
        }
    }

    /// `true` or `false`.
    public var settingText: String { String(self) }
}

extension Int: SettingValue {
    /// A whole number.
    public static var schema: SettingSchema { .integer }

    /// Reads digits, with `_` between them if liked; no leading zeros, hex, exponents or base 60.
    public static func decode(_ node: ConfigurationNode, _ decoder: inout SettingsDecoder) -> Int? {
        guard let (text, isPlain) = decoder.scalar(node, schema) else { return nil }
        guard isPlain || node.isFilled else {
            decoder.report(.wrongType, "expected an integer, got the string \"\(text)\"", at: node, help: "drop the quotes")
            return nil
        }
        let digits = text.hasPrefix("-") ? text.dropFirst() : text[...]
        let isNumber = digits.first?.isNumber == true && digits.last != "_" && digits.utf8.allSatisfy { (48...57).contains($0) || $0 == 95 }
        guard isNumber, digits.count == 1 || digits.first != "0" else {
            let help = isNumber ? "write it without the leading zero" : nil
            decoder.report(.wrongType, "expected an integer, got '\(text)'", at: node, help: help)
            return nil
        }
        guard let number = Int(text.filter { $0 != "_" }) else {
            decoder.report(.outOfRange, "'\(text)' is too large", at: node)
            return nil
        }
        return number
    }

    /// The digits.
    public var settingText: String { String(self) }
}

extension String: SettingValue {
    /// Any text.
    public static var schema: SettingSchema { .text("text") }

    /// Reads any scalar.
    public static func decode(_ node: ConfigurationNode, _ decoder: inout SettingsDecoder) -> String? {
        decoder.scalar(node, schema)?.text
    }

    /// The text, in quotes where YAML would read it as something else.
    public var settingText: String {
        let isSafe = !isEmpty && utf8.allSatisfy { (48...57).contains($0) || (65...90).contains($0 & 0xDF) || "_-./".utf8.contains($0) }
        return isSafe ? self : "\"\(self)\""
    }
}

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
}

extension Array: SettingValue where Element: SettingValue {
    /// A list.
    public static var schema: SettingSchema { .list(Element.schema) }

    /// Reads a list; every bad element is reported.
    public static func decode(_ node: ConfigurationNode, _ decoder: inout SettingsDecoder) -> [Element]? {
        guard case .sequence(let nodes) = node.content else {
            decoder.report(.wrongType, "expected \(schema.title), got \(node.summary)", at: node, help: "write it in brackets: [...]")
            return nil
        }
        let values = nodes.enumerated().map { index, node in decoder.within("[\(index)]") { Element.decode(node, &$0) } }
        return values.contains { $0 == nil } ? nil : values.compactMap { $0 }
    }

    /// `[a, b]`.
    public var settingText: String { "[\(map(\.settingText).joined(separator: ", "))]" }
}

extension Dictionary: SettingValue where Key == String, Value: SettingValue {
    /// Any keys.
    public static var schema: SettingSchema { .dictionary(Value.schema) }

    /// Reads a mapping with any keys; every bad value is reported.
    public static func decode(_ node: ConfigurationNode, _ decoder: inout SettingsDecoder) -> [String: Value]? {
        guard case .mapping(let entries) = node.content else {
            decoder.report(.wrongType, "expected \(schema.title), got \(node.summary)", at: node)
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
}

extension SettingValue where Self: RawRepresentable & CaseIterable, RawValue == String {
    /// One of the words.
    public static var schema: SettingSchema { .choice(allCases.map(\.rawValue)) }

    /// Reads one of the words.
    public static func decode(_ node: ConfigurationNode, _ decoder: inout SettingsDecoder) -> Self? {
        guard let (text, _) = decoder.scalar(node, schema) else { return nil }
        if let value = Self(rawValue: text) { return value }
        let suggestion = NameSuggestion.nearest(to: text, in: allCases.map(\.rawValue))
        decoder.report(
            .unknownChoice, "expected \(schema.title), got '\(text)'", at: node, help: suggestion.map { "did you mean '\($0)'?" })
        return nil
    }

    /// The word.
    public var settingText: String { rawValue }
}
