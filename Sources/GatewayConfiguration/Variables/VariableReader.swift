import GatewayKit

/// Finds the variables in the effective tree of a profile.
struct VariableReader {
    let environment: [String: String]
    let catalogue: ModuleCatalogue
    /// The instances that stand in a stage.
    let instances: Set<String>

    /// The variables by name: the document's, and those that the file names in what is in force.
    func variables<Core: Settings>(_ core: Core.Type, _ tree: ConfigurationNode) -> [ReadVariable] {
        var found: [String: ReadVariable] = [:]
        addDocument(core.schema, [], tree, &found)
        add(Self.pubsub, ["pipeline", "pubsub"], tree, SettingSchema.text(""), &found)
        for instance in instances.sorted() {
            guard let type = catalogue.type(of: instance) else { continue }
            addDocument(Self.schema(type), ["modules", instance], tree, &found)
        }
        for type in catalogue.types { addIdle(Self.schema(type), type.name, &found) }
        addTemplates(tree.without(["modules"]), core.schema, [], &found)
        for entry in tree["modules"]?.entries ?? [] where instances.contains(entry.key) {
            guard let type = catalogue.type(of: entry.key) else { continue }
            addTemplates(entry.value, Self.schema(type), ["modules", entry.key], &found)
        }
        return found.values.sorted { $0.name < $1.name }
    }

    /// The variables that values of a tree name.
    static func names(in tree: ConfigurationNode) -> Set<String> {
        var names: Set<String> = []
        tree.forEachScalar { _, text in
            guard VariableTemplate.isTemplate(text) else { return }
            for case .variable(let name, _) in (try? VariableTemplate(text))?.parts ?? [] { names.insert(name) }
        }
        return names
    }

    private static let pubsub = EnvironmentVariable.plain(EnvironmentLayer.pubsub)

    private static func schema<M: Module>(_ type: M.Type) -> SettingSchema { M.Settings.schema }

    private func add(
        _ variable: EnvironmentVariable, _ path: [String], _ tree: ConfigurationNode, _ schema: SettingSchema,
        _ found: inout [String: ReadVariable]
    ) {
        let node = tree[path: path]
        let value = EnvironmentLayer(environment: environment).value(variable.name)
        var origin = value == nil ? ReadVariable.Origin.unset : .environment
        if value != nil, let node, case .commandLine(let option) = node.place.origin { origin = .ignored("\(option) wins") }
        let places = (node.map { [$0.place] + $0.overridden } ?? [])
        let place = places.first { if case .file = $0.origin { true } else { false } }
        let setting = SettingsDecoder(baseFolder: "/", path: path).pathText
        merge(
            ReadVariable(
                name: variable.name, origin: origin, value: value, isSecret: schema.isSecret || SecretName.matches(variable.name),
                uses: [.init(setting: setting, place: place)]), &found)
    }

    /// The variables of settings.
    private func addDocument(
        _ schema: SettingSchema, _ path: [String], _ tree: ConfigurationNode, _ found: inout [String: ReadVariable]
    ) {
        guard case .mapping(let keys) = schema else { return }
        for key in keys {
            addDocument(key.schema, path + [key.name], tree, &found)
            if let variable = key.environment { add(variable, path + [key.name], tree, key.schema, &found) }
        }
    }

    /// The variables of a module that stands in no stage.
    private func addIdle(_ schema: SettingSchema, _ type: String, _ found: inout [String: ReadVariable]) {
        for name in EnvironmentLayer.variables(of: schema) where found[name] == nil {
            let value = EnvironmentLayer(environment: environment).value(name)
            found[name] = ReadVariable(
                name: name, origin: value == nil ? .unset : .ignored("\(type) stands in no stage"), value: value,
                isSecret: SecretName.matches(name), uses: [])
        }
    }

    /// The variables that values of the file name.
    private func addTemplates(
        _ node: ConfigurationNode, _ schema: SettingSchema, _ path: [String], _ found: inout [String: ReadVariable]
    ) {
        node.forEachTemplate(schema, path) { node, text, schema, path in
            guard let template = try? VariableTemplate(text) else { return }
            let secrets = template.secrets(isSecret: schema.isSecret)
            for case .variable(let name, let ifUnset) in template.parts {
                add(name, ifUnset, Use(template: text, place: node.place, path: path, isSecret: secrets.contains(name)), &found)
            }
        }
    }

    /// A value of the file that names a variable.
    private struct Use {
        let template: String
        let place: SourcePlace
        let path: [String]
        let isSecret: Bool
    }

    private func add(
        _ name: String, _ ifUnset: VariableTemplate.IfUnset, _ use: Use, _ found: inout [String: ReadVariable]
    ) {
        let value = environment[name]
        let hasText = !(value ?? "").isEmpty
        let origin: ReadVariable.Origin =
            switch ifUnset {
            case .fails: value == nil ? .missing : .environment
            case .standsIn(let text): hasText ? .environment : .file(text)
            case .says: hasText ? .environment : .missing
            }
        let place = VariableFiller.place(of: name, in: use.template, at: use.place)
        let setting = SettingsDecoder(baseFolder: "/", path: use.path).pathText
        merge(
            ReadVariable(
                name: name, origin: origin, value: value, isSecret: use.isSecret,
                uses: [.init(setting: setting, place: place)]), &found)
    }

    /// One variable may go to several settings; what is missing for one of them is missing.
    private func merge(_ variable: ReadVariable, _ found: inout [String: ReadVariable]) {
        guard var known = found[variable.name] else {
            found[variable.name] = variable
            return
        }
        known.uses += variable.uses.filter { !known.uses.contains($0) }
        known.isSecret = known.isSecret || variable.isSecret
        switch (known.origin, variable.origin) {
        case (.missing, _), (.environment, .environment), (.environment, .file), (.environment, .unset), (.environment, .ignored): break
        case (_, .missing), (_, .environment), (.unset, .file), (.ignored, .file): known.origin = variable.origin
        case (.file, _), (.unset, _), (.ignored, _): break
        }
        found[variable.name] = known
    }
}
