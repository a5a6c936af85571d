import GatewayKit

extension SchemaNode {
    /// A text with a variable in it, which stands for any scalar.
    static let variable = SchemaNode.object(["$ref": .string("#/definitions/variable")])

    /// What fits any of some schemas; null where one of them says so.
    static func any(_ alternatives: [SchemaNode]) -> SchemaNode {
        alternatives.count == 1 ? alternatives[0] : .object(["anyOf": .array(alternatives)])
    }

    static let nullType = SchemaNode.object(["type": .string("null")])

    /// Keys with their schemas and no others.
    static func mapping(_ properties: [(name: String, value: SchemaNode)], required: [String] = []) -> SchemaNode {
        .object([
            "type": .string("object"), "properties": .object(properties),
            "required": required.isEmpty ? nil : .array(required.map { .string($0) }), "additionalProperties": .bool(false),
        ])
    }

    /// The keys of a mapping of settings.
    ///
    /// - Parameters:
    ///   - keys: The keys.
    ///   - isWhole: Whether a mapping has to have what is required: elsewhere another layer may have it.
    /// - Returns: The schema of the mapping.
    static func settings(_ keys: [SettingSchema.Key], isWhole: Bool = false) -> SchemaNode {
        mapping(
            keys.map { ($0.name, setting($0, isWhole: isWhole)) }, required: isWhole ? keys.filter(\.isRequired).map(\.name) : [])
    }

    /// One key: its type, and null where that goes back to a default; its documentation and default.
    static func setting(_ key: SettingSchema.Key, isWhole: Bool = false) -> SchemaNode {
        let types = alternatives(key.schema, key.bounds, isWhole: isWhole)
        let isNullable = if case .optional = key.schema { true } else { false }
        let told = SchemaNode.object([
            "description": .string(description(key)),
            "default": key.schema.isSecret ? nil : key.defaultText.flatMap(SchemaNode.init(yaml:)),
            "examples": examples(key),
        ])
        return told.merging(any(types + (key.isRequired || isNullable ? [] : [nullType])))
    }

    private static func description(_ key: SettingSchema.Key) -> String {
        var parts = [key.documentation]
        if let range = key.range { parts.append("From \(range).") }
        if let variable = key.environment { parts.append("The variable \(variable.name) overrides it.") }
        return parts.joined(separator: " ")
    }

    private static func examples(_ key: SettingSchema.Key) -> SchemaNode? {
        if key.schema.isSecret { return .array([.string("${NAME}"), .string("${file:PATH}")]) }
        let shown = key.example.flatMap(SchemaNode.init(yaml:)).map { [$0] } ?? []
        guard case .text(_, let format?) = key.schema.unwrapped else { return shown.isEmpty ? nil : .array(shown) }
        return .array(shown + format.examples.map { .string($0) })
    }

    /// The schemas any of which a value of a type fits.
    private static func alternatives(_ schema: SettingSchema, _ bounds: SettingBounds?, isWhole: Bool) -> [SchemaNode] {
        switch schema {
        case .boolean: [.object(["type": .string("boolean")]), variable]
        case .integer: integers(bounds.flatMap { Int($0.lower) }, bounds.flatMap { Int($0.upper) }) + [variable]
        case .choice(let words): [.object(["enum": .array(words.map { .string($0) })]), variable]
        // A scalar of any kind is text: `user: 42`.
        case .text(_, nil): [.object(["type": .array([.string("string"), .string("number"), .string("boolean")])])]
        case .text(_, let format?): texts(format) + [variable]
        case .list(let element):
            [.object(["type": .string("array"), "items": any(alternatives(element, nil, isWhole: true))])]
        case .mapping(let keys): [settings(keys, isWhole: isWhole)]
        case .dictionary(let element):
            [.object(["type": .string("object"), "additionalProperties": any(alternatives(element, nil, isWhole: isWhole))])]
        case .optional(let wrapped): alternatives(wrapped, bounds, isWhole: isWhole) + [nullType]
        }
    }

    private static func integers(_ least: Int?, _ greatest: Int?) -> [SchemaNode] {
        [
            .object(["type": .string("integer"), "minimum": least.map { .integer($0) }, "maximum": greatest.map { .integer($0) }]),
            .object(["type": .string("string"), "pattern": .string("^-?[1-9][0-9]*_[0-9_]*[0-9]$")]),
        ]
    }

    private static func texts(_ format: SettingFormat) -> [SchemaNode] {
        let text = SchemaNode.object(["type": .string("string"), "pattern": .string(format.pattern)])
        guard let integers = format.integers else { return [text] }
        return [
            text,
            .object([
                "type": .string("integer"), "minimum": .integer(integers.lowerBound),
                "maximum": integers.upperBound == .max ? nil : .integer(integers.upperBound),
            ]),
        ]
    }
}

extension SchemaNode {
    /// A value as gateway.yaml writes it; nil where it cannot be read.
    init?(yaml text: String) {
        guard let value = YAMLReader.read(bytes: Array("value: \(text)".utf8), file: "").0?["value"] else { return nil }
        self = SchemaNode(value)
    }

    /// A value as YAML's core schema (yaml.org, 1.2.2) reads it.
    init(_ node: ConfigurationNode) {
        switch node.content {
        case .scalar where node.isNull: self = .null
        case .scalar("true", isPlain: true): self = .bool(true)
        case .scalar("false", isPlain: true): self = .bool(false)
        case .scalar(let text, let isPlain): self = (isPlain ? Int(text).map { .integer($0) } : nil) ?? .string(text)
        case .sequence(let elements): self = .array(elements.map(SchemaNode.init))
        case .mapping(let entries): self = .object(entries.map { ($0.key, SchemaNode($0.value)) })
        }
    }
}
