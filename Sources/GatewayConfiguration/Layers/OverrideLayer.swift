import GatewayKit

/// What `--set` gave, as a layer over everything else.
struct OverrideLayer {
    private(set) var tree: ConfigurationNode
    private(set) var diagnostics: [Diagnostic] = []
    /// What a later option has laid keys over, so that it is in force nowhere: it is looked at all the same.
    private(set) var lost: [ConfigurationNode] = []

    /// Reads `a.b.c=value` texts; of two with one path the last wins.
    init(_ overrides: [String]) {
        tree = ConfigurationNode(.mapping([]), at: SourcePlace(.commandLine("--set")))
        for text in overrides {
            guard let equals = text.firstIndex(of: "="), equals > text.startIndex else {
                let place = SourcePlace(.commandLine("--set \(SecretName.shown(text))"))
                diagnostics.append(
                    Diagnostic(
                        .error, .invalidValue, "this is no path with a value", at: place, help: "write it like --set server.port=3001"))
                continue
            }
            let path = text[..<equals].split(separator: ".", omittingEmptySubsequences: false).map(String.init)
            let place = SourcePlace(.commandLine("--set \(text[..<equals])"))
            guard !path.contains(""), path.count <= YAMLReader.maxDepth else {
                diagnostics.append(Diagnostic(.error, .invalidValue, "the path has an empty part", at: place))
                continue
            }
            guard equals < text.index(before: text.endIndex) else {
                let help = "write --set \(text[...equals])VALUE; the value null goes back to the default"
                diagnostics.append(Diagnostic(.error, .invalidValue, "the value is missing", at: place, help: help))
                continue
            }
            if let top = path.first, ["version", "profiles"].contains(top) {
                diagnostics.append(Diagnostic(.error, .unknownKey, "'\(top)' is for the file alone", at: place))
                continue
            }
            let value = ConfigurationNode(.scalar(String(text[text.index(after: equals)...]), isPlain: true), at: place)
            for count in 1..<path.count {
                let upper = Array(path.prefix(count))
                guard let given = tree[path: upper], given.entries == nil else { continue }
                lost.append(ConfigurationNode(path: upper, value: given))
            }
            tree = tree.overlaid(by: ConfigurationNode(path: path, value: value))
        }
    }
}
