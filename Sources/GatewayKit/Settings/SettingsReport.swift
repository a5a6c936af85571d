/// What ``Settings/validate(_:)`` reports to: findings about values together.
public struct SettingsReport: Sendable {
    /// Everything found so far.
    public private(set) var diagnostics: [Diagnostic] = []
    private let node: ConfigurationNode
    private let path: [String]

    init(node: ConfigurationNode, path: [String]) {
        self.node = node
        self.path = path
    }

    /// Whether the key stands in the configuration; `drain.grace` for a key of a mapping inside.
    public func isGiven(_ key: String) -> Bool {
        let found = node[path: Self.words(key)]
        return found.map { !$0.isNull } ?? false
    }

    /// Where a key's value stands; the place of the nearest mapping around it where the default is in force.
    public func place(_ key: String) -> SourcePlace {
        var words = Self.words(key)
        while !words.isEmpty {
            if let found = node[path: words] { return found.place }
            words.removeLast()
        }
        return node.place
    }

    /// A key's value as messages may show it; nil where the default is in force.
    public func shownText(_ key: String) -> String? { node[path: Self.words(key)]?.shownText }

    /// Adds a finding about a key.
    ///
    /// - Parameters:
    ///   - severity: Error or warning.
    ///   - code: The kind of finding.
    ///   - key: The key at fault; `drain.grace` for a key of a mapping inside.
    ///   - message: What is wrong; the key's path is put in front.
    ///   - other: A second key that the finding is about, with what to say of it: `rate set`, to which its place is added.
    ///   - help: The text to write instead.
    public mutating func add(
        _ severity: Diagnostic.Severity, _ code: DiagnosticCode, _ key: String, _ message: String,
        other: (key: String, text: String)? = nil, help: String? = nil
    ) {
        let notes = other.map { [isGiven($0.key) ? Diagnostic.Note($0.text, at: place($0.key)) : .init("\($0.key) has its default")] }
        diagnostics.append(
            Diagnostic(
                severity, code, "\(SettingsDecoder.text(of: path + [key])): \(message)", at: place(key), notes: notes ?? [], help: help))
    }

    /// Adds what the start would say of a file.
    ///
    /// - Parameters:
    ///   - error: The error, relative to the settings.
    ///   - key: The key at fault where the error names none.
    public mutating func add(_ error: ModuleError, _ key: String) {
        add(.error, error.code, error.setting ?? key, error.message, help: error.help)
    }

    private static func words(_ key: String) -> [String] { key.split(separator: ".").map(String.init) }
}
