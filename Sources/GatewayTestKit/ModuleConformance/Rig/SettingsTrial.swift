import GatewayConfiguration
import GatewayKit

/// Decodes the settings of a module type, whatever it is.
struct SettingsTrial: Sendable {
    /// What came of one node.
    struct Outcome: Sendable {
        let settings: (any Settings)?
        let findings: [Diagnostic]

        var errors: [Diagnostic] { findings.filter { $0.severity == .error } }
        /// The settings, where nothing speaks against them.
        var taken: (any Settings)? { errors.isEmpty ? settings : nil }
    }

    /// The settings that the check was given, without those that every module takes.
    let base: ConfigurationNode
    let schema: SettingSchema
    private let decoding: @Sendable (ConfigurationNode) -> Outcome
    /// What a key at the top holds, as gateway.yaml has it.
    private let text: @Sendable (String, any Settings) -> String?

    init<M: Module>(_ type: M.Type, _ base: ConfigurationNode?, folder: String) {
        self.base =
            base?.withoutCommonSettings(M.Settings.self)
            ?? ConfigurationNode(.mapping([]), at: SourcePlace(.file("settings"), line: 1, column: 1))
        schema = M.Settings.schema
        decoding = { node in
            var decoder = SettingsDecoder(baseFolder: folder, path: ["modules", M.name])
            let settings = M.Settings.decode(node, &decoder)
            return Outcome(settings: settings, findings: decoder.diagnostics)
        }
        text = { key, settings in
            guard let settings = settings as? M.Settings else { return nil }
            return M.Settings.fields.first { $0.name == key }?.text(settings)
        }
    }

    /// Every place where somebody may write a value.
    var sites: [SettingSite] { SettingSite.all(schema, base) }

    func decode(_ node: ConfigurationNode) -> Outcome { decoding(node) }

    /// What is wrong with an outcome, apart from what it should have been.
    func defects(_ outcome: Outcome, _ node: ConfigurationNode) -> [String] {
        var defects: [String] = []
        if outcome.settings == nil, outcome.errors.isEmpty { defects.append("settings or an error; got neither") }
        guard !outcome.findings.isEmpty else { return defects }
        let places = Self.places(in: node)
        for finding in outcome.findings {
            if !places.contains(finding.place) {
                defects.append("a finding at a place of the settings; got one at \(finding.place): \(finding.message.prefix(200))")
            }
            if finding.message.isEmpty || finding.message.utf8.count > 1024 {
                defects.append(
                    "a finding with a message of at most 1024 bytes; got \(finding.message.utf8.count): \(finding.message.prefix(200))")
            }
        }
        return defects
    }

    private static func places(in node: ConfigurationNode) -> Set<SourcePlace> {
        switch node.content {
        case .scalar: [node.place]
        case .sequence(let nodes): nodes.reduce(into: [node.place]) { $0.formUnion(places(in: $1)) }
        case .mapping(let entries): entries.reduce(into: [node.place]) { $0.formUnion(places(in: $1.value).union([$1.keyPlace])) }
        }
    }

    /// What a setting at the top is after it was written as gateway.yaml has it and read again; nil where it has no such form.
    func rereads(_ site: SettingSite, _ settings: any Settings) -> (written: String, read: String)? {
        guard !site.schema.hasMapping, !site.schema.isSecret, let written = text(site.key, settings), written.utf8.count <= 1024,
            !written.contains("***")
        else { return nil }
        let (root, findings) = YAMLReader.read(bytes: Array("value: \(written)\n".utf8), file: "settings")
        guard let value = root?["value"] else { return (written, "unreadable: \(findings.map(\.message))") }
        let outcome = decode(site.settings(base, with: value.content))
        return (written, outcome.taken.flatMap { text(site.key, $0) } ?? "refused: \(outcome.errors.map(\.message))")
    }
}

extension ConfigurationNode {
    /// The settings of a module without those that every module takes, which are none of its own.
    func withoutCommonSettings<Own: Settings>(_ type: Own.Type) -> ConfigurationNode {
        guard let entries else { return self }
        let common = Set(CommonModuleSettings.fields.map(\.name)).subtracting(Own.fields.map(\.name))
        return ConfigurationNode(.mapping(entries.filter { !common.contains($0.key) }), at: place)
    }
}
