import GatewayKit

/// The profiles of a file, and how they stand on each other.
struct Profiles {
    /// Far above every deployment; each profile is checked, and `--all-profiles` loads each.
    private static let maxProfiles = 256
    /// How many profiles may stand on each other.
    private static let maxChain = 16
    /// How many names a finding lists.
    private static let maxNames = 8

    /// What each profile says, without `extends`, marked with its name.
    private(set) var layers: [String: ConfigurationNode] = [:]
    /// The names in the order of the file, as many as there may be.
    private(set) var names: [String] = []
    private(set) var diagnostics: [Diagnostic] = []
    private var parents: [String: (name: String, place: SourcePlace)] = [:]

    /// Reads `profiles:`.
    init(_ node: ConfigurationNode?) {
        guard let node else { return }
        guard let entries = node.entries else {
            diagnostics.append(Diagnostic(.error, .wrongType, "profiles: expected a mapping, got \(node.summary)", at: node.place))
            return
        }
        for entry in entries {
            guard entry.value.entries != nil else {
                let message = "profiles.\(entry.key): expected a mapping, got \(entry.value.summary)"
                diagnostics.append(Diagnostic(.error, .wrongType, message, at: entry.value.place))
                continue
            }
            if names.count < Self.maxProfiles { names.append(entry.key) }
            let body = entry.value.isNull ? ConfigurationNode(.mapping([]), at: entry.value.place) : entry.value
            layers[entry.key] = body.without(["extends"]).marked(asProfile: entry.key)
            if let parent = body["extends"], !parent.isNull { addParent(parent, of: entry.key) }
        }
        guard entries.count <= Self.maxProfiles else {
            parents = [:]
            let place = entries[Self.maxProfiles].keyPlace
            diagnostics.append(
                Diagnostic(
                    .error, .tooLong, "profiles: \(entries.count) of them", at: place, help: "have at most \(Self.maxProfiles) profiles"))
            return
        }
        checkParents()
    }

    /// The layers of a profile, lowest first; a profile that does not exist, or is in a loop, ends the chain.
    func chain(_ name: String) -> [ConfigurationNode] {
        var chain: [ConfigurationNode] = []
        var next: String? = name
        var seen: Set<String> = []
        while let name = next, let layer = layers[name], seen.insert(name).inserted {
            chain.append(layer)
            next = parents[name]?.name
        }
        return chain.reversed()
    }

    /// The error for a profile that was asked for and does not exist.
    func unknown(_ name: String, from origin: SourcePlace.Origin?) -> Diagnostic {
        let place = SourcePlace(origin ?? .commandLine("--profile \(name.prefix(60))"))
        return Diagnostic(.error, .unknownProfile, "no profile '\(name.prefix(60))'", at: place, help: help(for: name))
    }

    private mutating func addParent(_ node: ConfigurationNode, of name: String) {
        guard case .scalar(let parent, _) = node.content else {
            let message = "profiles.\(name).extends: expected the name of a profile, got \(node.summary)"
            diagnostics.append(Diagnostic(.error, .wrongType, message, at: node.place, help: "a profile extends one other"))
            return
        }
        parents[name] = (parent, node.place)
    }

    private mutating func checkParents() {
        for name in names {
            guard let parent = parents[name] else { continue }
            if layers[parent.name] == nil {
                let message = "profiles.\(name).extends: no profile '\(parent.name.prefix(60))'"
                diagnostics.append(Diagnostic(.error, .unknownProfile, message, at: parent.place, help: help(for: parent.name)))
            } else if let loop = loop(from: name) {
                let words = loop.prefix(Self.maxNames).compactMap { parents[$0] }
                    .map { " extends \($0.name) (:\($0.place.line):\($0.place.column))" }
                let rest = loop.count > Self.maxNames ? " and \(loop.count - Self.maxNames) more" : ""
                let message = "\(name)\(words.joined())\(rest)"
                diagnostics.append(
                    Diagnostic(.error, .profileLoop, message, at: parent.place, label: "goes round", help: "take one `extends` out"))
            } else if chain(name).count == Self.maxChain + 1 {
                // Those that stand on this one are too long for the same reason.
                let message = "profiles.\(name).extends: the \(Self.maxChain + 1)th of a chain"
                diagnostics.append(
                    Diagnostic(
                        .error, .tooLong, message, at: parent.place, help: "let at most \(Self.maxChain) profiles stand on each other"))
            }
        }
    }

    /// The profiles from one back to itself; nil where it is in no loop.
    private func loop(from start: String) -> [String]? {
        var chain = [start]
        while let last = chain.last, let parent = parents[last]?.name, chain.count <= names.count {
            if parent == start { return chain }
            chain.append(parent)
        }
        return nil
    }

    private func help(for name: String) -> String {
        if names.isEmpty { return "the file has no profiles" }
        let rest = names.count > Self.maxNames ? " and \(names.count - Self.maxNames) more" : ""
        let known = "there are: \(names.prefix(Self.maxNames).joined(separator: ", "))\(rest)"
        return NameSuggestion.nearest(to: name, in: names).map { "did you mean '\($0)'? \(known)" } ?? known
    }
}
