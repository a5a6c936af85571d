import Foundation
import GatewayConfiguration
import GatewayKit

/// What gateway.yaml has to say for a new plugin to run.
struct ConfigurationLines {
    /// The file as it is; nil where there is none that can be read.
    private let root: ConfigurationNode?
    private let stage: Stage
    private let template: any PluginTemplate

    /// Looks into the gateway.yaml of the package.
    init(_ package: GatewayPackage, _ stage: Stage, _ template: any PluginTemplate) {
        let data = try? Data(contentsOf: package.folder.appending(path: "gateway.yaml"))
        root = data.flatMap { YAMLReader.read(bytes: Array($0), file: "gateway.yaml").0 }
        self.stage = stage
        self.template = template
    }

    /// YAML, each line with the place that it goes to.
    var text: String {
        var lines: [(yaml: String, place: String)] = [("pipeline:", "")]
        lines.append(line(root?[path: ["pipeline", stage.rawValue]], indent: "  "))
        let modules = root?.entry("modules")?.keyPlace.line
        lines += [("modules:", ""), ("  \(template.key): \(template.settings)", modules.map { "under line \($0)" } ?? "")]
        lines += profiles
        let width = lines.filter { !$0.place.isEmpty }.map(\.yaml.count).max() ?? 0
        return lines.map { yaml, place in
            place.isEmpty ? yaml : yaml.padding(toLength: width, withPad: " ", startingAt: 0) + "  # \(place)"
        }.joined(separator: "\n")
    }

    /// The profiles with a list of their own, which counts in place of the other.
    private var profiles: [(yaml: String, place: String)] {
        let lists = (root?["profiles"]?.entries ?? []).compactMap { profile in
            profile.value[path: ["pipeline", stage.rawValue]].map { (name: profile.key, list: $0) }
        }
        guard !lists.isEmpty else { return [] }
        return [("profiles:", "")]
            + lists.flatMap { profile in
                [("  \(profile.name.settingText):", ""), ("    pipeline:", ""), line(profile.list, indent: "      ")]
            }
    }

    /// The stage's line: with the modules that it has, and the new one.
    private func line(_ list: ConfigurationNode?, indent: String) -> (yaml: String, place: String) {
        guard stage != .pubsub else { return ("\(indent)pubsub: \(template.key)", Self.place(of: list, list)) }
        var names: [ConfigurationNode] = []
        if case .sequence(let elements) = list?.content { names = elements }
        var texts = names.compactMap { node in if case .scalar(let text, _) = node.content { text.settingText } else { nil } }
        texts.insert(template.key, at: template.comesFirst ? 0 : texts.endIndex)
        return ("\(indent)\(stage.rawValue): [\(texts.joined(separator: ", "))]", Self.place(of: list, names.last))
    }

    /// Which lines of the file a new one takes the place of.
    private static func place(of list: ConfigurationNode?, _ last: ConfigurationNode?) -> String {
        guard let first = list?.place.line else { return "" }
        let end = last?.place.line ?? first
        return end > first ? "in place of lines \(first) to \(end)" : "in place of line \(first)"
    }
}

extension ConfigurationNode {
    /// A key of a mapping with its place; nil where there is none.
    fileprivate func entry(_ key: String) -> Entry? {
        if case .mapping(let entries) = content { entries.first { $0.key == key } } else { nil }
    }
}
