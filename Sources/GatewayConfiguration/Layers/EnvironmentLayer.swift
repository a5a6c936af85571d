import GatewayKit

/// The document's environment variables as a layer over the file.
struct EnvironmentLayer {
    /// The variable that names the pub/sub module.
    static let pubsub = "PUBSUB_ADAPTER"

    let environment: [String: String]
    private(set) var diagnostics: [Diagnostic] = []

    init(environment: [String: String]) { self.environment = environment }

    /// The value of a variable without spaces around it; nil where it is not set or empty.
    func value(_ name: String) -> String? {
        let value = environment[name].map {
            String($0.trimmingPrefix(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
        }
        return value.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The node of a variable: text that is never read as YAML.
    static func node(_ text: String, _ name: String) -> ConfigurationNode {
        var node = ConfigurationNode(.scalar(text, isPlain: false), at: SourcePlace(.environment(name)))
        node.isFilled = true
        return node
    }

    /// Lays the variables of settings over a tree.
    ///
    /// - Parameters:
    ///   - tree: The tree of the whole file.
    ///   - schema: What the settings look like.
    ///   - path: Where they stand in the tree.
    mutating func lay(over tree: inout ConfigurationNode, _ schema: SettingSchema, _ path: [String]) {
        guard case .mapping(let keys) = schema else { return }
        for key in keys {
            let path = path + [key.name]
            lay(over: &tree, key.schema, path)
            guard let variable = key.environment, let value = value(variable.name) else { continue }
            guard variable.unit.isEmpty || value.utf8.allSatisfy({ (48...57).contains($0) }) else {
                refuse(value, variable, path)
                continue
            }
            tree = tree.overlaid(by: ConfigurationNode(path: path, value: Self.node(value + variable.unit, variable.name)))
        }
    }

    /// Warnings about variables that look like the document's, are none, and are spelled much like one.
    ///
    /// - Parameter known: All settings that have variables.
    /// - Returns: A warning for each. Without a name nearby there is none: others may have variables with the same beginning.
    func unread(known: [SettingSchema]) -> [Diagnostic] {
        let names = [Self.pubsub] + known.flatMap(Self.variables)
        return environment.keys.sorted().compactMap { name in
            guard let prefix = Self.prefixes.first(where: { name.hasPrefix($0) }), !names.contains(name) else { return nil }
            let ends = names.filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }
            return NameSuggestion.nearest(to: String(name.dropFirst(prefix.count)), in: ends).map { near in
                Diagnostic(
                    .warning, .environment, "no variable of this name is read", at: SourcePlace(.environment(name)),
                    help: "did you mean \(prefix)\(near)?")
            }
        }
    }

    /// Warnings about variables that belong to modules which stand in no stage.
    ///
    /// None for those of adapters where ``pubsub`` says which one it is: the document's block gives the one and the other's URL.
    ///
    /// - Parameter types: Those modules.
    /// - Returns: A warning for each variable that is set.
    func idle(_ types: [any Module.Type]) -> [Diagnostic] {
        types.flatMap { type in
            let isAdapter = Stage.allCases.filter { $0.isServed(by: type) } == [.pubsub]
            if isAdapter, value(Self.pubsub) != nil { return [Diagnostic]() }
            let help = isAdapter ? "choose it with \(Self.pubsub)=\(type.name)" : "name \(type.name) in the pipeline"
            return Self.variables(of: Self.schema(type)).filter { value($0) != nil }.map { name in
                Diagnostic(
                    .warning, .environment, "\(type.name) stands in no stage, so the variable does nothing",
                    at: SourcePlace(.environment(name)), help: "\(help), or unset the variable")
            }
        }
    }

    private static func schema<M: Module>(_ type: M.Type) -> SettingSchema { M.Settings.schema }

    private static let prefixes = ["WEBSOCKET_", "PUBSUB_"]

    static func variables(of schema: SettingSchema) -> [String] {
        switch schema {
        case .mapping(let keys): keys.flatMap { ($0.environment.map { [$0.name] } ?? []) + variables(of: $0.schema) }
        case .optional(let inner), .list(let inner), .dictionary(let inner): variables(of: inner)
        case .boolean, .integer, .text, .choice: []
        }
    }

    private mutating func refuse(_ value: String, _ variable: EnvironmentVariable, _ path: [String]) {
        let unit = variable.unit == "ms" ? "milliseconds" : "bytes"
        diagnostics.append(
            Diagnostic(
                .error, .environment, "\(path.joined(separator: ".")): expected a bare number of \(unit), got '\(value.prefix(60))'",
                at: SourcePlace(.environment(variable.name)), help: help(value, variable)))
    }

    private func help(_ value: String, _ variable: EnvironmentVariable) -> String {
        if let comment = Self.commentHelp(variable.name, value) { return comment }
        var decoder = SettingsDecoder(baseFolder: "/")
        let node = Self.node(value, variable.name)
        let number =
            variable.unit == "ms" ? Duration.decode(node, &decoder)?.milliseconds : ByteCount.decode(node, &decoder).map { Int64($0.bytes) }
        return number.map { "write \(variable.name)=\($0)" } ?? "write digits alone"
    }

    /// What to say where somebody's tool has made a comment part of a value; nil where there is none.
    ///
    /// Of a URL nothing is shown: the sign may be a part of its password.
    static func commentHelp(_ name: String, _ value: String) -> String? {
        guard let hash = value.firstIndex(of: "#") else { return nil }
        guard !value.contains("://") else { return "write a comment on a line of its own, and a # of the URL as %23" }
        let bare = value[..<hash].reversed().drop(while: \.isWhitespace).reversed()
        return "the comment became part of the value: write \(name)=\(String(bare)), and the comment on a line of its own"
    }
}
