public import GatewayKit

/// Decodes settings from short texts, and checks what every declaration of settings has to hold.
public enum SettingsTester: Sendable {
    /// Decodes settings.
    ///
    /// - Parameters:
    ///   - type: The settings' type.
    ///   - text: A mapping in braces, as YAML's flow style has it: `{rate: 1/s, topics: [{match: "a.**"}]}`.
    /// - Returns: The settings.
    /// - Throws: The first `Diagnostic` that is an error.
    public static func settings<Value: Settings>(_ type: Value.Type, _ text: String) throws -> Value {
        let (value, diagnostics) = decode(type, text)
        if let error = diagnostics.first(where: { $0.severity == .error }) { throw error }
        return value ?? Value()
    }

    /// Decodes settings and tells everything that was found.
    ///
    /// - Parameters:
    ///   - type: The settings' type.
    ///   - text: A mapping in braces.
    /// - Returns: The settings, nil where there is an error, and the findings.
    public static func decode<Value: Settings>(_ type: Value.Type, _ text: String) -> (settings: Value?, diagnostics: [Diagnostic]) {
        var reader = FlowReader(text)
        do {
            let node = try reader.read()
            var decoder = SettingsDecoder(baseFolder: "/")
            let value = Value.decode(node, &decoder)
            return (value, decoder.diagnostics)
        } catch {
            return (nil, [error])
        }
    }

    /// What is wrong with a module's declarations: names, summary, documentation, and defaults that do not decode to themselves.
    ///
    /// - Parameters:
    ///   - type: The module's type.
    ///   - settings: A mapping in braces with the keys that have to be there, if any.
    /// - Returns: A sentence for each defect; empty for a good module.
    public static func defects<Tested: Module>(of type: Tested.Type, beside settings: String = "{}") -> [String] {
        var defects = defects(of: Tested.Settings.schema, "settings")
        if !isSnakeCase(Tested.name) { defects.append("the name '\(Tested.name)' is not in snake_case") }
        if !isSentence(Tested.summary) { defects.append("the summary is no sentence") }
        if !Stage.allCases.contains(where: { $0.isServed(by: type) }) { defects.append("no stage is served") }
        return defects + defaultDefects(of: Tested.Settings.self, beside: settings)
    }

    /// Each default, written as it is shown, has to be what the key has where it is left out.
    private static func defaultDefects<Value: Settings>(of type: Value.Type, beside settings: String) -> [String] {
        var reader = FlowReader(settings)
        guard let entries = try? reader.read().withoutCommonSettings(type).entries else {
            return ["the settings '\(settings)' are no mapping in braces"]
        }
        return type.fields.compactMap { field in
            let others = entries.filter { $0.key != field.name }
            var valueReader = FlowReader(field.defaultText ?? "")
            guard field.defaultText != nil, let value = try? valueReader.read(), let absent = decode(type, others).settings else {
                return nil
            }
            let text = field.defaultText ?? ""
            let (decoded, diagnostics) = decode(type, others + [.init(key: field.name, keyPlace: value.place, value: value)])
            guard let decoded else {
                return "\(field.name): the default '\(text)' is refused: \(diagnostics.map(\.message).joined(separator: "; "))"
            }
            guard String(reflecting: decoded) != String(reflecting: absent) else { return nil }
            return "\(field.name): the default '\(text)' decodes to something else"
        }
    }

    private static func decode<Value: Settings>(
        _ type: Value.Type, _ entries: [ConfigurationNode.Entry]
    ) -> (settings: Value?, diagnostics: [Diagnostic]) {
        var decoder = SettingsDecoder(baseFolder: "/")
        let place = SourcePlace(.file("settings"), line: 1, column: 1)
        let value = Value.decode(ConfigurationNode(.mapping(entries), at: place), &decoder)
        return (value, decoder.diagnostics)
    }

    private static func defects(of schema: SettingSchema, _ path: String) -> [String] {
        switch schema {
        case .boolean, .integer, .text: return []
        case .choice(let words):
            // A word with a capital in front is another standard's, such as POST or EdDSA.
            let odd = words.filter { !isSnakeCase($0.first?.isUppercase == true ? $0.lowercased() : $0) }
            return odd.map { "\(path): the choice '\($0)' is not in snake_case" }
        case .list(let element), .dictionary(let element), .optional(let element): return defects(of: element, path)
        case .mapping(let keys):
            return keys.flatMap { key -> [String] in
                let path = "\(path).\(key.name)"
                return (isSnakeCase(key.name) ? [] : ["\(path) is not in snake_case"])
                    + (isSentence(key.documentation) ? [] : ["\(path): the documentation is no sentence"])
                    + defects(of: key.schema, path)
            }
        }
    }

    private static func isSnakeCase(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == UInt8(ascii: "_") }
    }

    private static func isSentence(_ text: String) -> Bool { text.hasSuffix(".") && text.contains(" ") }
}
