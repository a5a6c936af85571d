import GatewayKit

/// What comes out of a file for one profile: its layers, the environment and `--set`, with variables filled in.
struct EffectiveConfiguration {
    let catalogue: ModuleCatalogue
    let baseFolder: String
    let environment: [String: String]
    let verifiesFiles: Bool
    /// Whether a variable without a value is only a warning.
    let allowsUnset: Bool
    /// Whether a module of a type is going to be made.
    let isNeeded: (any Module.Type) -> Bool
    let overrides: OverrideLayer
    /// The names of all profiles.
    let profiles: [String]

    /// Merges layers and decodes the outcome.
    ///
    /// - Parameters:
    ///   - core: The type of the gateway's own settings.
    ///   - profile: The profile's name.
    ///   - layers: The base of the file and the profile's chain, lowest first; at least one.
    ///   - findings: Where everything wrong goes.
    /// - Returns: What was decoded, nil where something could not be, the instances that stand in a stage, and the tree.
    func load<Core: Settings>(
        _ core: Core.Type, profile: String?, _ layers: [ConfigurationNode], _ findings: inout Findings
    ) -> (configuration: LoadedConfiguration<Core>?, instances: [String], tree: ConfigurationNode) {
        let tree = tree(core, layers, &findings)
        let lists = PipelineLists(withPubSub(tree), catalogue)
        findings.add(environmentErrors(lists.diagnostics))
        let configuration = decode(core, profile, tree, lists, &findings)
        return (configuration, lists.names.map(\.instance), tree)
    }

    /// Merges layers and fills variables in.
    ///
    /// - Parameters:
    ///   - core: The type of the gateway's own settings.
    ///   - layers: The base of the file and the profile's chain, lowest first; at least one.
    ///   - findings: Where everything wrong goes.
    /// - Returns: The tree; what could not be filled in stays as it was.
    private func tree<Core: Settings>(_ core: Core.Type, _ layers: [ConfigurationNode], _ findings: inout Findings) -> ConfigurationNode {
        let empty = ConfigurationNode(.mapping([]), at: layers.first?.place ?? SourcePlace(.commandLine("--set")))
        var tree = layers.reduce(empty) { $0.overlaid(by: $1) }
        var layer = EnvironmentLayer(environment: environment)
        layer.lay(over: &tree, Core.schema, [])
        if let adapter = layer.value(EnvironmentLayer.pubsub) {
            tree = tree.overlaid(
                by: ConfigurationNode(path: ["pipeline", "pubsub"], value: EnvironmentLayer.node(adapter, EnvironmentLayer.pubsub)))
        }
        let names = used(tree.overlaid(by: overrides.tree))
        for name in names { layer.lay(over: &tree, Self.schema(name.type), ["modules", name.instance]) }
        tree = tree.overlaid(by: overrides.tree)

        var filler = VariableFiller(environment: environment, baseFolder: baseFolder, allowsUnset: allowsUnset)
        tree = fill(tree, used: Set(names.filter { isNeeded($0.type) }.map(\.instance)), &filler)
        let idle = catalogue.types.filter { type in !names.contains { $0.type == type } }
        findings.add(layer.diagnostics + layer.unread(known: [Core.schema] + catalogue.types.map { Self.schema($0) }) + layer.idle(idle))
        findings.block(filler.diagnostics, at: filler.unfilled)
        return tree
    }

    /// The instances of the pipeline, before anything of their settings is looked at.
    private func used(_ tree: ConfigurationNode) -> [PipelineLists.Name] {
        var filler = VariableFiller(environment: environment, baseFolder: baseFolder)
        return PipelineLists(withPubSub(filler.fill(tree.only(["pipeline"]), [])), catalogue).names
    }

    /// The tree with the adapter that serves where none is named.
    private func withPubSub(_ tree: ConfigurationNode) -> ConfigurationNode {
        if let pipeline = tree["pipeline"], pipeline.entries == nil || !(pipeline["pubsub"]?.isNull ?? true) { return tree }
        guard catalogue.names.contains("memory") else { return tree }
        let place = tree["pipeline"]?.place ?? tree.place
        return tree.overlaid(
            by: ConfigurationNode(path: ["pipeline", "pubsub"], value: ConfigurationNode(.scalar("memory", isPlain: true), at: place)))
    }

    /// Fills everything but the settings of modules that stand in no stage, or are not needed.
    private func fill(_ tree: ConfigurationNode, used: Set<String>, _ filler: inout VariableFiller) -> ConfigurationNode {
        guard case .mapping(var entries) = tree.content else { return tree }
        for index in entries.indices {
            let key = entries[index].key
            guard key == "modules", case .mapping(var modules) = entries[index].value.content else {
                entries[index].value = filler.fill(entries[index].value, [key])
                continue
            }
            for position in modules.indices where used.contains(modules[position].key) {
                modules[position].value = filler.fill(modules[position].value, [key, modules[position].key])
            }
            entries[index].value.content = .mapping(modules)
        }
        var filled = tree
        filled.content = .mapping(entries)
        return filled
    }

    private static func schema<M: Module>(_ type: M.Type) -> SettingSchema { M.Settings.schema }

    private func decode<Core: Settings>(
        _ core: Core.Type, _ profile: String?, _ tree: ConfigurationNode, _ lists: PipelineLists, _ findings: inout Findings
    ) -> LoadedConfiguration<Core>? {
        var decoder = SettingsDecoder(baseFolder: baseFolder)
        decoder.verifiesFiles = verifiesFiles
        let top = TopLevel.decode(core, tree, &decoder)
        var configured: [String: ConfiguredModule] = [:]
        for name in lists.names where isNeeded(name.type) {
            let entry = tree["modules"]?.entries?.first { $0.key == name.instance }
            let place = entry?.keyPlace ?? name.place
            configured[name.instance] = decoder.within("modules") {
                $0.within(name.instance) { ModuleSettings.decode(name.type, instance: name.instance, entry?.value, at: place, &$0) }
            }
            if allowsUnset, configured[name.instance] == nil {
                configured[name.instance] = ModuleSettings.undecoded(name.type, instance: name.instance, entry?.value, at: place)
            }
        }
        findings.add(environmentErrors(decoder.diagnostics))
        findings.add(PipelineRules(lists: lists, catalogue: catalogue, root: tree, isStrict: top.isStrict).findings())
        if (lists.stages[.pubsub] ?? []).isEmpty, !lists.doubtful.contains(.pubsub) {
            findings.add([Diagnostic(.error, .missingKey, "pipeline.pubsub is missing", at: lists.place(.pubsub) ?? tree.place)])
        }
        guard let core = top.core ?? (allowsUnset ? Core() : nil) else { return nil }
        let stages = lists.stages.mapValues { $0.compactMap { configured[$0.instance] } }
        return LoadedConfiguration(
            core: core, profile: profile, profiles: profiles, pipeline: ConfiguredPipeline(stages: stages), isStrict: top.isStrict,
            root: tree,
            baseFolder: baseFolder)
    }

    /// The findings, with a code of their own for what comes from the environment and does not parse.
    private func environmentErrors(_ diagnostics: [Diagnostic]) -> [Diagnostic] {
        diagnostics.map { diagnostic in
            guard case .environment(let name) = diagnostic.place.origin, diagnostic.severity == .error else { return diagnostic }
            let value = environment[name] ?? ""
            let code = diagnostic.code == .outOfRange ? DiagnosticCode.outOfRange : .environment
            return Diagnostic(
                .error, code, diagnostic.message, at: diagnostic.place, label: diagnostic.label, notes: diagnostic.notes,
                help: EnvironmentLayer.commentHelp(name, value) ?? diagnostic.help ?? "give \(name) another value, or unset it")
        }
    }
}
