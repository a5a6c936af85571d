public import GatewayKit

// Settings as Swift literals, so that a test shows what gateway.yaml would say.

extension ConfigurationNode: ExpressibleByStringLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral {
    /// A plain scalar.
    public init(stringLiteral value: String) { self.init(.scalar(value, isPlain: true), at: .test) }

    /// A list.
    public init(arrayLiteral elements: ConfigurationNode...) { self.init(.sequence(elements), at: .test) }

    /// A mapping.
    public init(dictionaryLiteral elements: (String, ConfigurationNode)...) {
        self.init(.mapping(elements.map { Entry(key: $0, keyPlace: .test, value: $1) }), at: .test)
    }
}

extension SourcePlace {
    static let test = SourcePlace(.file("gateway.yaml"), line: 7, column: 5)
}

/// Decodes settings as the configuration does.
func decode<Value: SettingValue>(_ type: Value.Type, _ node: ConfigurationNode) -> (value: Value?, diagnostics: [Diagnostic]) {
    var decoder = SettingsDecoder(baseFolder: "/etc/gateway", path: ["modules", "authorization"])
    let value = type.decode(node, &decoder)
    return (value, decoder.diagnostics)
}
