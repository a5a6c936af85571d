package import GatewayKit

extension LoadedConfiguration {
    /// The variables and files that hold secrets anywhere in the configuration.
    func secretSources(_ catalogue: ModuleCatalogue) -> SecretSources {
        var secrets = SecretSources()
        for (node, schema) in settings(catalogue) { secrets.add(node, schema) }
        return secrets
    }

    /// The texts of secrets, for whoever shows what others have made of the settings.
    ///
    /// Those under 8 bytes are left out: they would be found in other words.
    ///
    /// - Parameter modules: The module types that are compiled in.
    /// - Returns: The texts.
    package func secretTexts(modules: [any Module.Type]) -> Set<String> {
        let catalogue = ModuleCatalogue(types: modules)
        let values = ValueText(secrets: secretSources(catalogue))
        var texts: Set<String> = []
        for (node, schema) in settings(catalogue) {
            node.forEachScalar(schema) { node, text, schema, _ in
                if text.utf8.count >= 8, values.isHidden(node, text, schema) { texts.insert(text) }
            }
        }
        return texts
    }

    /// The keys at the top and the settings of each module, with what they look like.
    private func settings(_ catalogue: ModuleCatalogue) -> [(ConfigurationNode, SettingSchema)] {
        [(root.without(["modules"]), Core.schema)] + (root["modules"]?.entries ?? []).map { ($0.value, catalogue.schema(of: $0.key)) }
    }
}
