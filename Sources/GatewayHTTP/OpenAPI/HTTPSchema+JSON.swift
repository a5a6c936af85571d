package import GatewayKit

extension HTTPSchema {
    /// The schema as JSON Schema 2020-12 writes it.
    package var json: JSONValue {
        switch self {
        case .any: .object([:])
        case .boolean: .object(["type": .string("boolean")])
        case .integer: .object(["type": .string("integer")])
        case .number: .object(["type": .string("number")])
        case .string(let format, let minLength, let maxLength, let pattern):
            .object(
                [
                    "type": .string("string"), "format": format.map { .string($0) }, "pattern": pattern.map { .string($0) },
                    "minLength": minLength.map { .integer(Int64($0)) }, "maxLength": maxLength.map { .integer(Int64($0)) },
                ].compactMapValues { $0 })
        case .array(let element): .object(["type": .string("array"), "items": element.json])
        case .object(let properties, let isOpen): Self.object(properties, isOpen)
        case .nullable(let schema): .object(["anyOf": .array([schema.json, .object(["type": .string("null")])])])
        }
    }

    private static func object(_ properties: [Property], _ isOpen: Bool) -> JSONValue {
        var members: [String: JSONValue] = [
            "type": .string("object"), "additionalProperties": .bool(isOpen),
            "properties": .object(Dictionary(properties.map { ($0.name, $0.schema.json) }, uniquingKeysWith: { _, last in last })),
        ]
        let required = properties.filter(\.isRequired)
        if !required.isEmpty { members["required"] = .array(required.map { .string($0.name) }) }
        return .object(members)
    }
}
