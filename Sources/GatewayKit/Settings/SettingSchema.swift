/// What the values of a setting look like: enough for a JSON Schema and for the reference.
public indirect enum SettingSchema: Sendable {
    /// `true` or `false`.
    case boolean
    /// A whole number.
    case integer
    /// Text, with what it should look like: in words, and for programs.
    case text(String, SettingFormat? = nil)
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
        /// What it may be; nil where every value of the type will do.
        public let bounds: SettingBounds?
        /// What it may be, for people.
        public var range: String? { bounds?.description }
        /// The document's variable.
        public let environment: EnvironmentVariable?
        /// One line for people.
        public let documentation: String
        /// A value that examples show in place of the default.
        public let example: String?
    }

    /// Whether values are never shown.
    public var isSecret: Bool {
        switch self {
        case .text(let what, _): what == Secret.title
        case .optional(let wrapped), .list(let wrapped), .dictionary(let wrapped): wrapped.isSecret
        case .boolean, .integer, .choice, .mapping: false
        }
    }

    /// Whether every text is a value.
    var isFreeText: Bool {
        switch self {
        case .text(_, let format): format == nil
        case .optional(let wrapped): wrapped.isFreeText
        case .boolean, .integer, .choice, .list, .mapping, .dictionary: false
        }
    }

    /// What the type is called in messages and in the reference.
    public var title: String {
        switch self {
        case .boolean: "true or false"
        case .integer: "an integer"
        case .text(let what, _): what
        case .choice(let words): "one of \(words.joined(separator: ", "))"
        case .list(.mapping), .list(.dictionary): "a list of mappings"
        case .list(let element): "a list: \(element.title)"
        case .mapping: "a mapping"
        case .dictionary(let element): "a mapping: \(element.title)"
        case .optional(let wrapped): "\(wrapped.title), or null"
        }
    }
}

/// The least and the greatest value of a setting, as gateway.yaml writes them.
public struct SettingBounds: Sendable, Hashable, CustomStringConvertible {
    /// The least value.
    public let lower: String
    /// The greatest value.
    public let upper: String

    init<Value: SettingValue & Comparable>(_ range: ClosedRange<Value>) {
        lower = range.lowerBound.settingText
        upper = range.upperBound.settingText
    }

    /// `1 to 65535`.
    public var description: String { "\(lower) to \(upper)" }
}
