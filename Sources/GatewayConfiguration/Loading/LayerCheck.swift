import GatewayKit

/// Checks one layer by itself: its keys, types and modules.
///
/// What is missing, and what variables hold, is not looked at.
struct LayerCheck {
    let catalogue: ModuleCatalogue
    let baseFolder: String

    /// Checks a layer.
    ///
    /// - Parameters:
    ///   - core: The type of the gateway's own settings.
    ///   - layer: The base of the file, what a profile says, or what `--set` gave.
    ///   - base: The base of the file, whose module instances a profile may name.
    /// - Returns: Every finding.
    func findings<Core: Settings>(_ core: Core.Type, _ layer: ConfigurationNode, base: ConfigurationNode) -> [Diagnostic] {
        var decoder = SettingsDecoder(baseFolder: baseFolder)
        decoder.isLayer = true
        _ = TopLevel.decode(core, layer, &decoder)
        if let modules = layer["modules"] { decoder.within("modules") { self.modules(modules, &$0) } }
        let lists = PipelineLists(base.only(["modules"]).overlaid(by: layer), catalogue)
        let templates = templates(layer)
        let known = (decoder.diagnostics + lists.diagnostics).filter { !templates.spots.contains(Findings.Spot($0.place)) }
        return known + templates.warnings
    }

    private func modules(_ node: ConfigurationNode, _ decoder: inout SettingsDecoder) {
        guard let entries = node.entries else { return decoder.report(.wrongType, "expected a mapping, got \(node.summary)", at: node) }
        for entry in entries {
            guard let type = catalogue.type(of: entry.key) else {
                decoder.report(
                    catalogue.unknown(entry.key, at: entry.keyPlace, instances: [], suggests: decoder.diagnostics.count < 200))
                continue
            }
            decoder.within(entry.key) { _ = ModuleSettings.decode(type, instance: entry.key, entry.value, at: entry.keyPlace, &$0) }
        }
    }

    /// The places whose values only variables give, and warnings about variables that need not be there.
    private func templates(_ layer: ConfigurationNode) -> (spots: Set<Findings.Spot>, warnings: [Diagnostic]) {
        var spots: Set<Findings.Spot> = []
        var warnings: [Diagnostic] = []
        layer.forEachScalar { node, text in
            guard VariableTemplate.isTemplate(text) else { return }
            spots.insert(Findings.Spot(node.place))
            for case .variable(let name, _) in (try? VariableTemplate(text))?.parts ?? [] where Self.isRead(name) {
                warnings.append(
                    Diagnostic(
                        .warning, .redundantVariable, "\(name) is read anyway", at: node.place,
                        help: "write the default alone; the variable overrides it"))
            }
        }
        return (spots, warnings)
    }

    private static func isRead(_ name: String) -> Bool { name.hasPrefix("WEBSOCKET_") || name.hasPrefix("PUBSUB_") }
}
