/// A piece of JSON whose members keep their order.
indirect enum SchemaNode: Sendable {
    case null
    case bool(Bool)
    case integer(Int)
    case string(String)
    case array([SchemaNode])
    case object([(name: String, value: SchemaNode)])

    /// An object; members without a value are left out.
    static func object(_ members: KeyValuePairs<String, SchemaNode?>) -> SchemaNode {
        .object(members.compactMap { member in member.value.map { (member.key, $0) } })
    }

    /// The object with the members of another behind its own.
    func merging(_ other: SchemaNode) -> SchemaNode {
        guard case .object(let own) = self, case .object(let more) = other else { return self }
        return .object(own + more)
    }

    /// The text, two spaces a level; what fits on a line stands on one.
    var text: String { text(indent: "") }

    private static let maxWidth = 120

    private func text(indent: String) -> String {
        let line = line
        if indent.count + line.utf8.count <= Self.maxWidth { return line }
        let inner = indent + "  "
        switch self {
        case .null, .bool, .integer, .string: return line
        case .array(let elements):
            return "[\n" + elements.map { inner + $0.text(indent: inner) }.joined(separator: ",\n") + "\n\(indent)]"
        case .object(let members):
            let lines = members.map { "\(inner)\(Self.quoted($0.name)): \($0.value.text(indent: inner))" }
            return "{\n\(lines.joined(separator: ",\n"))\n\(indent)}"
        }
    }

    /// The text on one line.
    private var line: String {
        switch self {
        case .null: "null"
        case .bool(let flag): flag ? "true" : "false"
        case .integer(let number): String(number)
        case .string(let text): Self.quoted(text)
        case .array(let elements): "[\(elements.map(\.line).joined(separator: ", "))]"
        case .object(let members): "{\(members.map { "\(Self.quoted($0.name)): \($0.value.line)" }.joined(separator: ", "))}"
        }
    }

    /// A string by RFC 8259, section 7.
    private static func quoted(_ text: String) -> String {
        let scalars = text.unicodeScalars.map { scalar -> String in
            switch scalar {
            case "\"": return "\\\""
            case "\\": return "\\\\"
            case "\u{0}"..<" ":
                let code = String(scalar.value, radix: 16)
                return "\\u" + String(repeating: "0", count: 4 - code.count) + code
            default: return String(scalar)
            }
        }
        return "\"\(scalars.joined())\""
    }
}
