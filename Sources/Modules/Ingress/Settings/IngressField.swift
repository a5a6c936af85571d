public import GatewayKit

/// A field of a route's body.
public struct IngressField: Settings {
    /// The name.
    public var name = MemberName("")
    /// What it has to be.
    public var type = FieldType.string
    /// Whether it has to be there.
    public var isRequired = false
    /// How many Unicode scalars a string may have; nil where the size of the body is bound enough.
    public var maxLength: Int?

    /// A field without a name.
    public init() {}

    init(_ name: String, isRequired: Bool = false) {
        self.name = MemberName(name)
        self.isRequired = isRequired
    }

    /// The keys.
    public static let fields: [SettingField<Self>] = [
        SettingField("name", \.name, required: true, "The member's name."),
        SettingField("type", \.type, "What the value has to be; any = whatever it is."),
        SettingField("required", \.isRequired, "Whether it has to be there."),
        SettingField("max_length", \.maxLength, range: 1...1_000_000_000, "How many characters a string may have; null = any number."),
    ]

    /// A length is a string's alone.
    public func validate(_ report: inout SettingsReport) {
        guard maxLength != nil, type != .string else { return }
        report.add(.error, .invalidValue, "max_length", "goes with type: string alone", other: ("type", "the type stands here"))
    }

    /// The fields of the document's message.
    static let message = [IngressField("recipientId"), IngressField("channelId"), IngressField("content", isRequired: true)]

    /// What is wrong with a value; nil where it is right.
    func issue(with value: JSONValue) -> String? {
        guard type.admits(value) else { return "must be \(type.title)" }
        guard let maxLength, case .string(let text) = value, text.unicodeScalars.count > maxLength else { return nil }
        return "must have at most \(maxLength) characters"
    }
}

/// What a field of a body has to be.
public enum FieldType: String, Sendable, CaseIterable, SettingValue {
    /// A string.
    case string
    /// A whole number.
    case integer
    /// Any number.
    case number
    /// `true` or `false`.
    case boolean
    /// An object.
    case object
    /// A list.
    case array
    /// Whatever it is.
    case any

    /// Whether a value can stand in a topic.
    var canBeSegment: Bool {
        switch self {
        case .string, .integer, .any: true
        case .number, .boolean, .object, .array: false
        }
    }

    /// The type as a refusal names it.
    var title: String {
        switch self {
        case .string: "a string"
        case .integer: "an integer"
        case .number: "a number"
        case .boolean: "true or false"
        case .object: "an object"
        case .array: "an array"
        case .any: "a value"
        }
    }

    func admits(_ value: JSONValue) -> Bool {
        switch (self, value) {
        case (.any, _), (.string, .string), (.integer, .integer), (.number, .integer), (.number, .number), (.boolean, .bool),
            (.object, .object), (.array, .array):
            true
        // 1.0 and 1e3 are integers, as JSON Schema has it; so are those beyond 64 bits.
        case (.integer, .number(let number)): number.rounded() == number
        case (.string, _), (.integer, _), (.number, _), (.boolean, _), (.object, _), (.array, _): false
        }
    }
}
