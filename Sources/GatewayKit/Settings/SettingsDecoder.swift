/// Turns nodes into settings and collects every finding on the way.
public struct SettingsDecoder: Sendable {
    /// Everything found so far.
    public private(set) var diagnostics: [Diagnostic] = []
    /// The absolute folder that relative paths start at.
    public let baseFolder: String
    /// The dotted path of the value at hand, for messages: `modules.size_limit.max_message`.
    public private(set) var path: [String]

    /// Makes a decoder.
    ///
    /// - Parameters:
    ///   - baseFolder: The absolute folder that relative paths start at.
    ///   - path: The path of the first value.
    public init(baseFolder: String, path: [String] = []) {
        self.baseFolder = baseFolder
        self.path = path
    }

    /// The path as people write it.
    public var pathText: String { path.joined(separator: ".") }

    /// Adds a finding as it is.
    public mutating func report(_ diagnostic: Diagnostic) { diagnostics.append(diagnostic) }

    /// Adds an error about a value; its path is put in front of the message.
    public mutating func report(
        _ code: DiagnosticCode, _ message: String, at node: ConfigurationNode, label: String? = nil, help: String? = nil
    ) {
        diagnostics.append(Diagnostic(.error, code, "\(pathText): \(message)", at: node.place, label: label, help: help))
    }

    /// Runs `body` with one more word of path.
    public mutating func within<Result>(_ key: String, _ body: (inout SettingsDecoder) -> Result) -> Result {
        path.append(key)
        defer { path.removeLast() }
        return body(&self)
    }

    mutating func outOfRange(_ node: ConfigurationNode, _ range: String) {
        report(.outOfRange, "\(node.summary) is out of range", at: node, help: "give a value from \(range)")
    }

    mutating func settings<Value: Settings>(_ type: Value.Type, from node: ConfigurationNode) -> Value? {
        guard case .mapping(let entries) = node.content else {
            if node.isNull { return Value() }
            report(.wrongType, "expected a mapping, got \(node.summary)", at: node)
            return nil
        }
        let errors = diagnostics.count
        var value = Value()
        for entry in entries {
            guard let field = Value.fields.first(where: { $0.name == entry.key }) else {
                unknownKey(entry, known: Value.fields.map(\.name))
                continue
            }
            // `null` goes back to the default.
            if entry.value.isNull, !field.isRequired { continue }
            within(field.name) { field.decode(entry.value, &value, &$0) }
        }
        for field in Value.fields where field.isRequired && !entries.contains(where: { $0.key == field.name }) {
            report(.missingKey, "'\(field.name)' is missing", at: node, help: "\(field.name): \(field.documentation)")
        }
        guard diagnostics.count == errors else { return nil }
        var findings = SettingsReport(entries: entries, node: node, path: path)
        value.validate(&findings)
        diagnostics += findings.diagnostics
        return findings.diagnostics.contains { $0.severity == .error } ? nil : value
    }

    /// Adds the error for a key that means nothing, with the nearest name that does.
    public mutating func unknownKey(_ entry: ConfigurationNode.Entry, known: [String]) {
        let owner = path.last ?? "the file"
        let place = path.isEmpty ? "at the top of the file" : "in \(pathText)"
        let help = NameSuggestion.nearest(to: entry.key, in: known).map { "did you mean '\($0)'?" }
            ?? (known.isEmpty ? "it takes no settings" : "it takes: \(known.sorted().joined(separator: ", "))")
        report(
            Diagnostic(
                .error, .unknownKey, "unknown key '\(entry.key)' \(place)", at: entry.keyPlace, label: "not a setting of \(owner)", help: help))
    }
}

/// What ``Settings/validate(_:)`` reports to: findings about values together.
public struct SettingsReport: Sendable {
    /// Everything found so far.
    public private(set) var diagnostics: [Diagnostic] = []
    private let entries: [ConfigurationNode.Entry]
    private let node: ConfigurationNode
    private let path: [String]

    init(entries: [ConfigurationNode.Entry], node: ConfigurationNode, path: [String]) {
        self.entries = entries
        self.node = node
        self.path = path
    }

    /// Whether the key stands in the configuration.
    public func isGiven(_ key: String) -> Bool { entries.contains { $0.key == key && !$0.value.isNull } }

    /// Where a key's value stands; the place of the whole mapping where the default is in force.
    public func place(_ key: String) -> SourcePlace { entries.first { $0.key == key }?.value.place ?? node.place }

    /// Adds a finding about a key.
    ///
    /// - Parameters:
    ///   - severity: Error or warning.
    ///   - code: The kind of finding.
    ///   - key: The key at fault.
    ///   - message: What is wrong; the key's path is put in front.
    ///   - other: A second key that the finding is about, with what is to be said of it.
    ///   - help: The text to write instead.
    public mutating func add(
        _ severity: Diagnostic.Severity = .error, _ code: DiagnosticCode, _ key: String, _ message: String,
        other: (key: String, text: String)? = nil, help: String? = nil
    ) {
        diagnostics.append(
            Diagnostic(
                severity, code, "\((path + [key]).joined(separator: ".")): \(message)", at: place(key),
                notes: other.map { [.init($0.text, at: isGiven($0.key) ? place($0.key) : nil)] } ?? [], help: help))
    }
}
