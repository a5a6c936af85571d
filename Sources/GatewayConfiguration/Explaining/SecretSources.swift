import GatewayKit

/// The variables and files whose content is never shown, whatever setting it goes to.
struct SecretSources {
    private var names: Set<String> = []

    /// Takes what the values of a tree name.
    mutating func add(_ node: ConfigurationNode, _ schema: SettingSchema) {
        node.forEachTemplate(schema) { _, text, schema, _ in
            names.formUnion((try? VariableTemplate(text))?.secrets(isSecret: schema.isSecret) ?? [])
        }
    }

    /// Whether a text of the file names one of them elsewhere than in the login of a URL, which is hidden anyway.
    func feed(_ text: String) -> Bool {
        guard VariableTemplate.isTemplate(text), let template = try? VariableTemplate(text) else { return false }
        return template.parts.indices.contains { index in
            template.parts[index].source.map(names.contains) ?? false && !template.isLogin(index)
        }
    }
}

extension VariableTemplate {
    /// The variables and files that hold a secret: all where the setting is one, else those that sound like it or stand in a URL's login.
    func secrets(isSecret: Bool) -> Set<String> {
        Set(
            parts.indices.compactMap { index in
                guard let source = parts[index].source else { return nil }
                return isSecret || SecretName.matches(source) || isLogin(index) ? source : nil
            })
    }

    /// What the text is filled from: `the variable NAME`, `the file PATH`.
    var sources: [String] {
        parts.compactMap { part in
            switch part {
            case .text: nil
            case .variable(let name, _): "the variable \(name)"
            case .file(let path): "the file \(path)"
            }
        }
    }

    /// Whether a part stands between a `://` and an `@` of the file.
    fileprivate func isLogin(_ index: Int) -> Bool {
        parts[..<index].contains { $0.literal.contains("://") } && parts[(index + 1)...].contains { $0.literal.contains("@") }
    }
}

extension VariableTemplate.Part {
    /// The name of the variable, or the path of the file behind `file:`; nil for plain text.
    fileprivate var source: String? {
        switch self {
        case .text: nil
        case .variable(let name, _): name
        case .file(let path): "file:\(path)"
        }
    }

    /// What stands in the file itself.
    fileprivate var literal: String {
        switch self {
        case .text(let text), .variable(_, .standsIn(let text)): text
        case .variable, .file: ""
        }
    }
}

extension ConfigurationNode {
    /// Calls `body` with every value that the file has as a text with variables: the value, that text, its type and its path.
    func forEachTemplate(
        _ schema: SettingSchema, _ path: [String] = [], _ body: (ConfigurationNode, String, SettingSchema, [String]) -> Void
    ) {
        forEachScalar(schema, path) { node, text, schema, path in
            guard case .file = node.place.origin else { return }
            let text = node.template ?? (node.isFilled ? "" : text)
            if VariableTemplate.isTemplate(text) { body(node, text, schema, path) }
        }
    }

    /// Calls `body` with every scalar: the value, its text, its type and its path.
    func forEachScalar(
        _ schema: SettingSchema, _ path: [String] = [], _ body: (ConfigurationNode, String, SettingSchema, [String]) -> Void
    ) {
        switch content {
        case .scalar(let text, _): body(self, text, schema, path)
        case .sequence(let elements):
            let inner = if case .list(let inner) = schema.unwrapped { inner } else { schema }
            for (index, element) in elements.enumerated() { element.forEachScalar(inner, path + ["[\(index)]"], body) }
        case .mapping(let entries):
            for entry in entries { entry.value.forEachScalar(ValueText.inner(schema, entry.key), path + [entry.key], body) }
        }
    }
}
