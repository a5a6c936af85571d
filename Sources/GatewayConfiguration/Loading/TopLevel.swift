import GatewayKit

/// The keys at the top of the file: some are the loader's, the rest the gateway's own settings.
enum TopLevel {
    /// What the loader reads itself.
    static let owned = ["version", "strict", "pipeline", "modules", "profiles"]

    /// Checks the keys of a layer or of the effective tree, and decodes what can be decoded without the modules.
    ///
    /// - Parameters:
    ///   - core: The type of the gateway's own settings.
    ///   - root: The tree.
    ///   - decoder: At the top; told whether the tree is only a layer.
    /// - Returns: The gateway's own settings, nil where they have an error, and what `strict` says.
    static func decode<Core: Settings>(
        _ core: Core.Type, _ root: ConfigurationNode, _ decoder: inout SettingsDecoder
    ) -> (core: Core?, isStrict: Bool) {
        let fields = Set(Core.fields.map(\.name))
        var isStrict: Bool? = false
        for entry in root.entries ?? [] where !fields.contains(entry.key) {
            let isProfile = entry.keyPlace.profile != nil
            switch entry.key {
            case "pipeline", "modules": break
            case "profiles" where !isProfile: break
            case "version" where !isProfile: version(entry.value, &decoder)
            case "strict":
                if !entry.value.isNull { isStrict = decoder.within("strict") { Bool.decode(entry.value, &$0) } }
            default:
                let known = Core.fields.map(\.name) + owned.filter { !isProfile || !["version", "profiles"].contains($0) }
                decoder.unknownKey(entry, known: known + (isProfile ? ["extends"] : []))
            }
        }
        return (decoder.settings(Core.self, from: root.only(fields)), isStrict ?? false)
    }

    private static func version(_ node: ConfigurationNode, _ decoder: inout SettingsDecoder) {
        if node.isNull { return }
        decoder.within("version") { decoder in
            guard let number = Int.decode(node, &decoder), number != 1 else { return }
            decoder.report(.invalidValue, "this gateway reads version 1, not \(number)", at: node, help: "write version: 1")
        }
    }
}
