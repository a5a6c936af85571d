import GatewayKit

/// Decodes what stands under one key of `modules:`: the module's own settings, and those that every module takes.
enum ModuleSettings {
    /// Decodes the settings of one instance; every finding goes to the decoder.
    ///
    /// - Parameters:
    ///   - type: The module's type.
    ///   - instance: The key under `modules`.
    ///   - node: What stands there; nil where nothing does.
    ///   - place: Where the instance is configured, or named.
    ///   - decoder: At the path of the instance.
    /// - Returns: The instance with its settings; nil for any error.
    static func decode<M: Module>(
        _ type: M.Type, instance: String, _ node: ConfigurationNode?, at place: SourcePlace, _ decoder: inout SettingsDecoder
    ) -> ConfiguredModule? {
        var rest = node ?? ConfigurationNode(.mapping([]), at: place)
        guard let entries = rest.entries else {
            decoder.report(.wrongType, "expected a mapping, got \(rest.summary)", at: rest)
            return nil
        }
        // A setting of the module's own hides one of every module's.
        var common = CommonModuleSettings.fields.map(\.name).filter { name in !M.Settings.fields.contains { $0.name == name } }
        if !M.canObserve, let index = common.firstIndex(of: "mode") {
            common.remove(at: index)
            for entry in entries where entry.key == "mode" { decoder.report(cannotObserve(instance, entry, decoder.pathText)) }
            rest = rest.without(["mode"])
        }
        let settings = decoder.settings(M.Settings.self, from: rest.without(Set(common)), others: common)
        let shared = decoder.settings(CommonModuleSettings.self, from: rest.only(Set(common)))
        guard let settings, let shared else { return nil }
        return ConfiguredModule(instance: instance, type: type, settings: settings, common: shared, place: place, node: node)
    }

    /// An instance whose settings could not be decoded, with the defaults in their place; for whoever only looks at its node.
    static func undecoded<M: Module>(_ type: M.Type, instance: String, _ node: ConfigurationNode?, at place: SourcePlace)
        -> ConfiguredModule
    {
        let keys = Set(CommonModuleSettings.fields.map(\.name)).subtracting(M.Settings.fields.map(\.name))
        var decoder = SettingsDecoder(baseFolder: "/")
        let common = node.flatMap { decoder.settings(CommonModuleSettings.self, from: $0.only(keys)) }
        return ConfiguredModule(
            instance: instance, type: type, settings: M.Settings(), common: common ?? CommonModuleSettings(), place: place, node: node)
    }

    private static func cannotObserve(_ instance: String, _ entry: ConfigurationNode.Entry, _ path: String) -> Diagnostic {
        Diagnostic(
            .error, .unknownKey, "unknown key 'mode' in \(path)", at: entry.keyPlace, label: "\(instance) cannot only observe",
            help: "delete it: what \(instance) refuses, it always refuses")
    }
}
