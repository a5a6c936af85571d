package import GatewayKit

extension LoadedConfiguration {
    /// The files that values in force read with `${file:PATH}` where these are secrets, or URLs, which may hold a login.
    ///
    /// Each with the path of the setting; the file's path is absolute.
    package var secretFiles: [(setting: [String], file: FilePath)] {
        var found: [(setting: [String], file: FilePath)] = []
        add(root.without(["modules"]), Core.schema, [], &found)
        for module in pipeline.inOrderOfNeed {
            if let node = module.node { add(node, Self.schema(module.type), ["modules", module.instance], &found) }
        }
        return found
    }

    private func add(
        _ node: ConfigurationNode, _ schema: SettingSchema, _ path: [String], _ found: inout [(setting: [String], file: FilePath)]
    ) {
        switch node.content {
        case .scalar:
            guard let template = node.template, schema.isSecret || template.contains("://") else { return }
            for case .file(let file) in (try? VariableTemplate(template))?.parts ?? [] {
                found.append((path, FilePath(file).resolved(in: baseFolder)))
            }
        case .sequence(let elements):
            // A finding names the list: its elements have no names.
            let inner = if case .list(let inner) = schema.unwrapped { inner } else { schema }
            for element in elements { add(element, inner, path, &found) }
        case .mapping(let entries):
            for entry in entries { add(entry.value, ValueText.inner(schema, entry.key), path + [entry.key], &found) }
        }
    }

    private static func schema<M: Module>(_ type: M.Type) -> SettingSchema { M.Settings.schema }
}
