import GatewayKit

/// The module types that are compiled in.
struct ModuleCatalogue {
    let types: [any Module.Type]

    /// The names, in order.
    var names: [String] { types.map { $0.name }.sorted() }

    /// What their settings look like.
    var schemas: [SettingSchema] { types.map { Self.schema($0) } }

    /// What the settings of an instance look like; any keys where nobody knows the module.
    func schema(of instance: String) -> SettingSchema { type(of: instance).map { Self.schema($0) } ?? .dictionary(String.schema) }

    private static func schema<M: Module>(_ type: M.Type) -> SettingSchema { M.Settings.schema }

    /// The type of `rate_limit` or `rate_limit/publish`; nil where there is none, or the instance has no name.
    func type(of instance: String) -> (any Module.Type)? {
        let parts = instance.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let name = parts.first, parts.count == 1 || Self.isInstanceName(parts[1]) else { return nil }
        return types.first { $0.name == name }
    }

    private static func isInstanceName(_ text: Substring) -> Bool {
        !text.isEmpty && text.utf8.count <= 64 && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == "-") }
    }

    /// Says that a name is no module's.
    ///
    /// - Parameters:
    ///   - name: What was written.
    ///   - shown: The same as messages may show it.
    ///   - place: Where.
    ///   - instances: The keys under `modules`, which may have been meant.
    ///   - stage: The stage that it was named for; nil under `modules`.
    ///   - suggests: Whether to look for the name that was meant, which takes time.
    /// - Returns: The error.
    func unknown(
        _ name: String, shown: String? = nil, at place: SourcePlace, instances: [String], for stage: Stage? = nil, suggests: Bool = true
    ) -> Diagnostic {
        let shown = shown ?? "'\(URLLogin.hidden(name).prefix(60))'"
        if let slash = name.firstIndex(of: "/"), types.contains(where: { $0.name == name[..<slash] }) {
            let help = "letters, digits, - and _ may stand behind the slash: \(name[..<slash])/one"
            return Diagnostic(.error, .unknownModule, "\(shown) is no name of a module", at: place, help: help)
        }
        var near = suggests ? NameSuggestion.nearest(to: name, in: instances.filter { type(of: $0) != nil } + names) : nil
        // Where the type is configured under another name only, that one was meant.
        if let type = near, !instances.contains(type), let instance = instances.first(where: { $0.hasPrefix("\(type)/") }) {
            near = instance
        }
        return Diagnostic(
            .error, .unknownModule, "no module \(shown)", at: place, notes: [.init(list(for: stage))],
            help: near.map { "did you mean '\($0)'?" } ?? Self.help(at: place, for: stage))
    }

    /// What may have become of a module of one's own that a file names.
    private static func help(at place: SourcePlace, for stage: Stage?) -> String? {
        guard case .file = place.origin else { return nil }
        return "a module of your own is built in by scripts/run from its folder under Plugins/, and begun by "
            + "gateway plugin new NAME --stage \(stage?.rawValue ?? "STAGE"); if you removed it, delete it here too"
    }

    /// The modules that could be named, in words.
    private func list(for stage: Stage?) -> String {
        guard let stage else { return "compiled in: \(names.joined(separator: ", "))" }
        let able = types.filter { stage.isServed(by: $0) }.map { $0.name }.sorted()
        return able.isEmpty
            ? "no module is compiled in for \(stage.rawValue)" : "for \(stage.rawValue) there are: \(able.joined(separator: ", "))"
    }
}
