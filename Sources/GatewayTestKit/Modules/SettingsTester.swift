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
    /// - Parameter type: The module's type.
    /// - Returns: A sentence for each defect; empty for a good module.
    public static func defects<Tested: Module>(of type: Tested.Type) -> [String] {
        var defects = defects(of: Tested.Settings.schema, "settings")
        if !isSnakeCase(Tested.name) { defects.append("the name '\(Tested.name)' is not in snake_case") }
        if !isSentence(Tested.summary) { defects.append("the summary is no sentence") }
        if !Stage.allCases.contains(where: { $0.isServed(by: type) }) { defects.append("no stage is served") }
        for field in Tested.Settings.fields {
            guard let text = field.defaultText else { continue }
            let (decoded, diagnostics) = decode(Tested.Settings.self, "{\(field.name): \(text)}")
            if decoded == nil {
                defects.append("\(field.name): the default '\(text)' is refused: \(diagnostics.map(\.message).joined(separator: "; "))")
            } else if let decoded, String(reflecting: decoded) != String(reflecting: Tested.Settings().resolved(in: "/")) {
                defects.append("\(field.name): the default '\(text)' decodes to something else")
            }
        }
        return defects
    }

    private static func defects(of schema: SettingSchema, _ path: String) -> [String] {
        switch schema {
        case .boolean, .integer, .text: return []
        case .choice(let words):
            // A word in capitals is another standard's, such as POST.
            let odd = words.filter { !isSnakeCase($0 == $0.uppercased() ? $0.lowercased() : $0) }
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
