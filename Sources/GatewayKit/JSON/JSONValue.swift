public import NIOCore

/// Any JSON value (RFC 8259): a claim of a token, a part of a request's body.
///
/// Two values are equal where their strings are the same bytes.
public enum JSONValue: Sendable, Hashable {
    /// `null`.
    case null
    /// `true` or `false`.
    case bool(Bool)
    /// A whole number.
    case integer(Int64)
    /// Any other number.
    case number(Double)
    /// A string.
    case string(String)
    /// A list.
    case array([JSONValue])
    /// An object.
    case object([String: JSONValue])

    /// Reads one JSON text, strictly: at most 32 levels of brackets, no key twice in an object, no lone surrogate; nil where it is malformed.
    ///
    /// - Parameter bytes: The text, as UTF-8.
    public init?(json bytes: [UInt8]) {
        guard let value = JSONReader.read(bytes) else { return nil }
        self = value
    }

    /// The value as one word, as gateway.yaml writes it: a string as it is, a whole number in digits, `true` or `false`; else nil.
    public var word: String? {
        switch self {
        case .string(let text): text
        case .integer(let number): String(number)
        case .bool(let flag): String(flag)
        case .null, .number, .array, .object: nil
        }
    }

    /// The text, where the value is a string.
    public var string: String? { if case .string(let text) = self { text } else { nil } }
}

extension JSONValue {
    /// Compares strings and names byte by byte: see `hasSameBytes(as:)`.
    public static func == (left: Self, right: Self) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.bool(let left), .bool(let right)): left == right
        case (.integer(let left), .integer(let right)): left == right
        case (.number(let left), .number(let right)): left == right
        case (.string(let left), .string(let right)): left.hasSameBytes(as: right)
        case (.array(let left), .array(let right)): left == right
        case (.object(let left), .object(let right)): left.count == right.count && left.allSatisfy { right.member($0.key) == $0.value }
        default: false
        }
    }
}

extension ByteBuffer {
    /// Writes a value as JSON, the keys of objects in alphabetical order.
    public mutating func writeJSON(_ value: JSONValue) {
        switch value {
        case .null: writeString("null")
        case .bool(let flag): writeString(String(flag))
        case .integer(let number): writeString(String(number))
        // JSON has no word for what is no number.
        case .number(let number): writeString(number.isFinite ? String(number) : "null")
        case .string(let text): writeJSON(text)
        case .array(let values):
            writeString("[")
            for (index, value) in values.enumerated() {
                if index > 0 { writeString(",") }
                writeJSON(value)
            }
            writeString("]")
        case .object(let members):
            var writer = JSONWriter()
            for (name, value) in members.sorted(by: { $0.key < $1.key }) { writer.member(name, value) }
            writeImmutableBuffer(writer.finish())
        }
    }
}
