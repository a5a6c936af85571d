import GatewayConfiguration
import GatewayKit

extension ModuleCheck {
    /// What somebody may write into gateway.yaml.
    static let settings: [ModuleCheck] = [
        ModuleCheck("each setting refuses another type, and says where", isFor: hasSettings) { rig in
            try requireNone(wrongTypes(rig.trial()))
        },
        ModuleCheck("each setting refuses what is out of its range, and says where", isFor: hasSettings) { rig in
            try requireNone(outOfRange(rig.trial()))
        },
        ModuleCheck("a key that it does not know is refused, and settings that are no mapping") { rig in
            try requireNone(unknown(rig.trial()))
        },
        ModuleCheck("hostile values are taken or refused with a finding, twice the same", isFor: hasSettings) { rig in
            try requireNone(hostile(rig.trial()))
        },
        ModuleCheck("what a setting takes it writes as it reads it", isFor: hasSettings) { rig in
            try requireNone(rewritten(rig.trial()))
        },
        ModuleCheck("settings at the ends of their ranges make a module that answers", isFor: hasSettings) { rig in
            try await extremes(rig.trial(), rig)
        },
    ]

    @Sendable private static func hasSettings(_ type: any Module.Type) -> Bool { hasFields(type) }
    private static func hasFields<M: Module>(_ type: M.Type) -> Bool { !M.Settings.fields.isEmpty }

    private static func wrongTypes(_ trial: SettingsTrial) -> [String] {
        trial.sites.flatMap { site in
            HostileSettings.wrong(for: site.schema).flatMap { content -> [String] in
                let node = site.settings(trial.base, with: content)
                let outcome = trial.decode(node)
                let isRefused = outcome.errors.contains { $0.place.line == SettingSite.line }
                let got = outcome.errors.isEmpty ? "none" : outcome.errors.map { "\($0.place): \($0.message)" }.joined(separator: "; ")
                let what = "an error at \(shown(content)) for \(site), which is \(site.schema.title)"
                return (isRefused ? [] : ["\(what); got \(got)"]) + trial.defects(outcome, node).map { "\(site): \($0)" }
            }
        }
    }

    private static func outOfRange(_ trial: SettingsTrial) -> [String] {
        trial.sites.flatMap { site in
            (site.bounds.map(HostileSettings.outside) ?? []).flatMap { text -> [String] in
                let outcome = trial.decode(site.settings(trial.base, with: .scalar(text, isPlain: true)))
                let isRefused = outcome.errors.contains { $0.place.line == SettingSite.line && $0.code == .outOfRange }
                let range = site.bounds?.description ?? ""
                return isRefused
                    ? [] : ["'out-of-range' at \(text) for \(site) (\(range)); got \(outcome.errors.map { "\($0.code): \($0.message)" })"]
            }
        }
    }

    private static func unknown(_ trial: SettingsTrial) -> [String] {
        let site = SettingSite(path: [.key("conformance_unknown")], schema: .boolean, bounds: nil)
        let outcome = trial.decode(site.settings(trial.base, with: .scalar("1", isPlain: true)))
        let isRefused = outcome.errors.contains { $0.code == .unknownKey }
        let others: [ConfigurationNode.Content] = [.sequence([]), .scalar("text", isPlain: true), .scalar("1", isPlain: false)]
        return (isRefused ? [] : ["'unknown-key' for the key conformance_unknown; got \(outcome.errors.map(\.message))"])
            + others.compactMap { content in
                let node = ConfigurationNode(content, at: trial.base.place)
                return trial.decode(node).errors.isEmpty ? "an error for \(shown(content)) in place of the settings; got none" : nil
            }
    }

    private static func hostile(_ trial: SettingsTrial) -> [String] {
        trial.sites.enumerated().flatMap { index, site -> [String] in
            let isTop = site.path.count == 1
            // There are many places inside, of few types: each of them gets another third.
            let values = HostileSettings.all.enumerated().filter { isTop || $0.offset % 3 == index % 3 }.map(\.element)
            return values.flatMap { content -> [String] in
                let node = site.settings(trial.base, with: content)
                let outcome = trial.decode(node)
                var defects = trial.defects(outcome, node)
                if isTop, !content.isLong, case let again = trial.decode(node), outcome.findings != again.findings {
                    defects.append("the same findings twice; got \(outcome.findings.map(\.message)), then \(again.findings.map(\.message))")
                }
                let words = outcome.findings.flatMap { [$0.message, $0.label ?? "", $0.help ?? ""] }
                if site.schema.isSecret, words.contains(where: { $0.contains(HostileInputs.secret) }) {
                    defects.append("findings that do not show a secret; got \(words)")
                }
                return defects.map { "\(site): \(shown(content)): \($0)" }
            }
        }
    }

    private static func rewritten(_ trial: SettingsTrial) -> [String] {
        trial.sites.filter { $0.path.count == 1 }.flatMap { site in
            HostileSettings.all.compactMap { content -> String? in
                guard let settings = trial.decode(site.settings(trial.base, with: content)).taken,
                    let (written, read) = trial.rereads(site, settings), written != read
                else { return nil }
                return "\(site): \(shown(content)), written as \(written), to be read as that; got \(read)"
            }
        }
    }

    /// Makes a module of each end of each range, each choice, and whatever else was taken where no file and no address can be named.
    private static func extremes(_ trial: SettingsTrial, _ rig: ModuleRig) async throws {
        let pipeline = try rig.load().pipeline
        let questions = try rig.inputs().few(rig.make(pipeline))
        var seen: Set<String> = []
        for site in trial.sites {
            for text in candidates(site) {
                let node = site.settings(trial.base, with: .scalar(text, isPlain: true))
                guard let settings = trial.decode(node).taken, seen.insert(settings.settingText).inserted else { continue }
                do {
                    try await rig.serving(pipeline.replacing(rig.setup.type.name, settings)) { crew in
                        let connection = try await rig.connect(from: HostileInputs.addresses[0], as: Principal(userID: "alice"))
                        let answers = try await connection.ask(questions, of: crew, pace: .seconds(1))
                        // A deadline that nobody can keep is the operator's doing, and no client's.
                        let judged = site.schema.isDuration ? answers.filter { $0.text != StageAnswer.failed } : answers
                        try requireNone(judged.flatMap(\.defects))
                    }
                } catch is ModuleError {
                    // What speaks against settings may show when a module is made of them.
                } catch {
                    throw Unmet(what: "a module, or a ModuleError, for \(site): \(text); got \(error)")
                }
            }
        }
    }

    private static func candidates(_ site: SettingSite) -> [String] {
        let ends = [site.bounds?.lower, site.bounds?.upper].compactMap { $0 }
        switch site.schema.unwrapped {
        case .boolean: return ["true", "false"]
        case .integer: return ends + ["0", "1", "-1", "9223372036854775807", "-9223372036854775808"]
        case .choice(let words): return words
        case .text(_, let format?):
            return ends + format.examples + ["0", "1", "1000000000/s", "1/h", "9223372036854775807B", "106751991d", "1ms"]
        case .text(_, nil), .list, .mapping, .dictionary, .optional: return []
        }
    }

    private static func shown(_ content: ConfigurationNode.Content) -> String {
        switch content {
        case .scalar(let text, let isPlain): "\(isPlain ? "" : "quoted ")\(text.prefix(40).debugDescription)"
        case .sequence(let nodes): "a list of \(nodes.count)"
        case .mapping(let entries): "a mapping of \(entries.count)"
        }
    }
}

extension ConfiguredPipeline {
    /// The same pipeline with other settings of one module.
    fileprivate func replacing(_ instance: String, _ settings: any Settings) -> ConfiguredPipeline {
        ConfiguredPipeline(
            stages: stages.mapValues { modules in
                modules.map { module in
                    guard module.instance == instance else { return module }
                    return ConfiguredModule(
                        instance: instance, type: module.type, settings: settings, common: module.common, place: module.place,
                        node: module.node)
                }
            })
    }
}
