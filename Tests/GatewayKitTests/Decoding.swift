import GatewayKit

/// What a text decodes to, and every finding on the way.
struct Decoding<Value: SettingValue> {
    let value: Value?
    let diagnostics: [Diagnostic]

    /// Decodes a scalar at the path `x`.
    init(_ type: Value.Type, _ text: String, isPlain: Bool = true, template: String? = nil) {
        var node = ConfigurationNode(.scalar(text, isPlain: isPlain), at: SourcePlace(.file("f.yaml"), line: 1, column: 4))
        node.isFilled = template != nil
        node.template = template
        self.init(type, node)
    }

    /// Decodes a node at the path `x`.
    init(_ type: Value.Type, _ node: ConfigurationNode) {
        var decoder = SettingsDecoder(baseFolder: "/base", path: ["x"])
        value = Value.decode(node, &decoder)
        diagnostics = decoder.diagnostics
    }

    /// The code of the only finding.
    var code: DiagnosticCode? { diagnostics.count == 1 ? diagnostics[0].code : nil }

    /// The help of the only finding.
    var help: String? { diagnostics.count == 1 ? diagnostics[0].help : nil }
}

extension ConfigurationNode {
    /// A mapping whose keys stand on lines 1, 2, 3….
    static func mapping(_ pairs: KeyValuePairs<String, ConfigurationNode>, line: Int = 1) -> ConfigurationNode {
        let entries = pairs.enumerated().map { index, pair in
            Entry(key: pair.key, keyPlace: SourcePlace(.file("f.yaml"), line: line + index, column: 1), value: pair.value)
        }
        return ConfigurationNode(.mapping(entries), at: SourcePlace(.file("f.yaml"), line: line, column: 1))
    }

    /// A plain scalar.
    static func plain(_ text: String, line: Int = 1) -> ConfigurationNode {
        ConfigurationNode(.scalar(text, isPlain: true), at: SourcePlace(.file("f.yaml"), line: line, column: 10))
    }

    /// A list.
    static func list(_ elements: ConfigurationNode...) -> ConfigurationNode {
        ConfigurationNode(.sequence(elements), at: SourcePlace(.file("f.yaml"), line: 1, column: 5))
    }
}
