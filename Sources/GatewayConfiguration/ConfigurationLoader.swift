public import GatewayKit

/// Reads a configuration: the file, its profile, the environment and `--set`, checked as a whole.
///
/// Everything wrong is found in one run. Nothing is opened but the file, the files that its variables name, and, where
/// ``ConfigurationRequest/verifiesFiles`` asks for it, those that its settings name.
public enum ConfigurationLoader: Sendable {
    /// Loads a configuration.
    ///
    /// - Parameters:
    ///   - core: The type of the gateway's own settings: the keys at the top of the file that are not the loader's.
    ///   - request: The file and what is laid over it.
    ///   - modules: The module types that are compiled in.
    /// - Returns: The configuration where there is no error, and every finding.
    public static func load<Core: Settings>(
        _ core: Core.Type, _ request: ConfigurationRequest, modules: [any Module.Type]
    ) -> ConfigurationResult<Core> {
        var findings = Findings()
        guard let bytes = bytes(request, &findings) else {
            return ConfigurationResult(configuration: nil, diagnostics: findings.sorted(nil), source: nil, file: request.file)
        }
        let catalogue = ModuleCatalogue(types: modules)
        let source = SourceText(bytes: bytes, file: request.file, secretKeys: SecretKeys([core.schema] + catalogue.schemas))
        let (root, diagnostics) = YAMLReader.read(source, bytes)
        findings.block(diagnostics)
        var inventories: [VariableInventory] = []
        let configuration = root.flatMap { load(core, request, $0, catalogue, &findings, &inventories) }
        return ConfigurationResult(
            configuration: findings.hasErrors ? nil : configuration, diagnostics: findings.sorted(source), source: source,
            file: request.file, inventories: inventories)
    }

    private static func bytes(_ request: ConfigurationRequest, _ findings: inout Findings) -> [UInt8]? {
        if let text = request.text { return text }
        do throws(FileReader.Failure) {
            return try FileReader.read(request.file, limit: YAMLReader.maxFileSize, isRegular: false)
        } catch {
            let place = SourcePlace(.file(request.file))
            if case .tooLong = error {
                findings.add([Diagnostic(.error, .tooLong, "the file is larger than 1MiB", at: place, help: "is it the right file?")])
            } else {
                findings.add([
                    Diagnostic(
                        .error, .unreadableFile, "cannot read the configuration: \(error.text)", at: place, help: "name it with -c FILE")
                ])
            }
            return nil
        }
    }

    private static func load<Core: Settings>(
        _ core: Core.Type, _ request: ConfigurationRequest, _ root: ConfigurationNode, _ catalogue: ModuleCatalogue,
        _ findings: inout Findings, _ inventories: inout [VariableInventory]
    ) -> LoadedConfiguration<Core>? {
        let base = root.without(["profiles"])
        let profiles = Profiles(root["profiles"])
        let overrides = OverrideLayer(request.overrides)
        findings.add(profiles.diagnostics + overrides.diagnostics)
        let baseFolder = request.baseFolder ?? FileReader.folder(of: request.file)
        let check = LayerCheck(catalogue: catalogue, baseFolder: baseFolder)
        let layers = [base] + profiles.names.compactMap { profiles.layers[$0] } + overrides.lost + [overrides.tree]
        for layer in layers { findings.add(check.findings(core, layer, base: base)) }

        let effective = EffectiveConfiguration(
            catalogue: catalogue, baseFolder: baseFolder, environment: request.environment,
            verifiesFiles: request.verifiesFiles, allowsUnset: request.allowsUnset, isNeeded: request.isNeeded ?? { _ in true },
            overrides: overrides, profiles: profiles.names)
        var used = ListedModules(catalogue)
        if let profile = request.profile, profiles.layers[profile] == nil {
            // What another profile lacks would only lead astray.
            findings.add([profiles.unknown(profile, from: request.profileOrigin)])
            return nil
        }
        var configuration: LoadedConfiguration<Core>?
        let others = profiles.names.filter { request.checksAllProfiles && $0 != request.profile }
        for profile in [request.profile] + others {
            let chain = profile.map { profiles.chain($0) } ?? []
            let loaded = effective.load(core, profile: profile, [base] + chain, &findings)
            used.add(loaded.instances)
            if profile == request.profile { configuration = loaded.configuration }
            guard request.listsVariables else { continue }
            let reader = VariableReader(environment: request.environment, catalogue: catalogue, instances: Set(loaded.instances))
            inventories.append(
                VariableInventory(
                    profile: profile, variables: reader.variables(core, loaded.tree), namedInFile: VariableReader.names(in: root)))
        }
        findings.add(used.unused(in: layers))
        return configuration
    }
}
