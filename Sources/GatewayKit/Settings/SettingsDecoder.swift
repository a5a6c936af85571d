/// Turns nodes into settings and collects every finding on the way.
public struct SettingsDecoder: Sendable {
    /// Everything found so far.
    public private(set) var diagnostics: [Diagnostic] = []
    /// The absolute folder that relative paths start at.
    public let baseFolder: String
    /// The dotted path of the value at hand, for messages: `modules.size_limit.max_message`.
    public private(set) var path: [String]
    /// Whether the nodes are one layer of several: then what is missing, and what goes together, cannot be judged.
    package var isLayer = false
    /// Whether the files that settings name are looked into.
    package var verifiesFiles = false
    /// After so many errors the rest is only counted.
    private static let maxErrors = 1000
    private var errors = 0
    private var depth = 0

    /// Makes a decoder.
    ///
    /// - Parameters:
    ///   - baseFolder: The absolute folder that relative paths start at.
    ///   - path: The path of the first value.
    public init(baseFolder: String, path: [String] = []) {
        self.baseFolder = baseFolder
        self.path = path
    }

    /// The path as people write it: `modules.authorization.rules[0].topics`.
    public var pathText: String { Self.text(of: path) }

    static func text(of path: [String]) -> String {
        path.reduce(into: "") { text, key in
            // Where any key will do, one may be as long as a value.
            let key = key.utf8.count > 64 ? "\(key.prefix(60))…" : key
            text += text.isEmpty || key.hasPrefix("[") ? key : ".\(key)"
        }
    }

    /// Adds a finding as it is.
    public mutating func report(_ diagnostic: Diagnostic) {
        if diagnostic.severity == .error { errors += 1 }
        if errors <= Self.maxErrors { return diagnostics.append(diagnostic) }
        guard errors == Self.maxErrors + 1, diagnostic.severity == .error else { return }
        let message = "more than \(Self.maxErrors) findings: the rest is not told"
        diagnostics.append(Diagnostic(.error, .tooLong, message, at: diagnostic.place, help: "is it the right file?"))
    }

    /// Adds an error about a value; its path is put in front of the message.
    public mutating func report(
        _ code: DiagnosticCode, _ message: String, at node: ConfigurationNode, label: String? = nil, help: String? = nil
    ) {
        let message = path.isEmpty ? message : "\(pathText): \(message)"
        report(Diagnostic(.error, code, message, at: node.place, label: label ?? node.variable.map { "from \($0)" }, help: help))
    }

    /// Runs `body` with one more word of path.
    public mutating func within<Result>(_ key: String, _ body: (inout SettingsDecoder) -> Result) -> Result {
        path.append(key)
        defer { path.removeLast() }
        return body(&self)
    }

    mutating func outOfRange(_ node: ConfigurationNode, _ bounds: SettingBounds) {
        report(.outOfRange, "\(node.shownText) is out of range", at: node, help: "give a value from \(bounds)")
    }

    /// Decodes a mapping of fields.
    ///
    /// - Parameters:
    ///   - type: What to make of it.
    ///   - node: The mapping, or null for nothing but defaults.
    ///   - others: Keys that somebody else has read already, for the list of known keys.
    /// - Returns: The settings; nil for any error.
    package mutating func settings<Value: Settings>(
        _ type: Value.Type, from node: ConfigurationNode, others: [String] = []
    ) -> Value? {
        guard let entries = node.entries else {
            let help = mappingHelp(node, known: Value.fields.map(\.name) + others)
            report(.wrongType, "expected a mapping, got \(node.summary)", at: node, help: help)
            return nil
        }
        let before = errors
        depth += 1
        defer { depth -= 1 }
        var value = Value().resolved(in: baseFolder)
        for entry in entries {
            guard let field = Value.fields.first(where: { $0.name == entry.key }) else {
                unknownKey(entry, known: Value.fields.map(\.name) + others)
                continue
            }
            // `null` goes back to the default.
            if entry.value.isNull, !field.isRequired { continue }
            within(field.name) { field.decode(entry.value, &value, &$0) }
        }
        if isLayer { return errors == before ? value : nil }
        for field in Value.fields where field.isRequired && !entries.contains(where: { $0.key == field.name }) {
            report(.missingKey, "'\(field.name)' is missing", at: node, help: "\(field.name): \(field.documentation)")
        }
        // What is wrong by itself would only make the comparisons mislead.
        guard errors == before else { return nil }
        var findings = SettingsReport(node: node, path: path)
        value.validate(&findings)
        if verifiesFiles, !findings.diagnostics.contains(where: { $0.severity == .error }) { value.verifyFiles(&findings) }
        diagnostics += findings.diagnostics
        // A mapping inside another is still good for the comparisons of that one.
        let isUsable = depth > 1 || !findings.diagnostics.contains { $0.severity == .error }
        return isUsable ? value : nil
    }

    /// Adds the error for a key that means nothing, with the nearest name that does.
    ///
    /// - Parameters:
    ///   - entry: The key with its value.
    ///   - known: The keys that mean something here.
    public mutating func unknownKey(_ entry: ConfigurationNode.Entry, known: [String]) {
        let top = entry.keyPlace.profile.map { "at the top of profile \($0)" } ?? "at the top of the file"
        // An element of a list goes by the key of the list.
        let owner = path.suffix(from: path.lastIndex { !$0.hasPrefix("[") } ?? path.startIndex)
        let label = owner.isEmpty ? "not known here" : "not a setting of \(Self.text(of: Array(owner)))"
        report(
            Diagnostic(
                .error, .unknownKey, "unknown key '\(SecretName.shown(entry.key))' \(path.isEmpty ? top : "in \(pathText)")",
                at: entry.keyPlace,
                label: label, help: help(for: entry, known: known)))
    }

    /// What to write where a mapping is wanted: `port:3000` is a key whose space is missing.
    private func mappingHelp(_ node: ConfigurationNode, known: [String]) -> String {
        if case .scalar(let text, isPlain: true) = node.content, let colon = text.firstIndex(of: ":"),
            known.contains(String(text[..<colon]))
        {
            return "put a space after the colon: `\(text[...colon]) …`"
        }
        return "it takes keys: \(known.sorted().joined(separator: ", "))"
    }

    private func help(for entry: ConfigurationNode.Entry, known: [String]) -> String? {
        if let colon = entry.key.firstIndex(of: ":"), known.contains(String(entry.key[..<colon])) {
            return
                "put a space after the colon: `\(entry.key[...colon]) \(SecretName.shown(entry.key).dropFirst(entry.key[...colon].count))`"
        }
        // Who has hundreds of unknown keys has another file at hand; the search would only cost time.
        if errors < 200, let near = NameSuggestion.nearest(to: entry.key, in: known) { return "did you mean '\(near)'?" }
        return known.isEmpty ? "it takes no settings" : "it takes: \(known.sorted().joined(separator: ", "))"
    }
}
