extension ConfiguredModule {
    /// What went wrong while the module was made or started, as a finding at the setting at fault.
    package func diagnostic(for error: ModuleError) -> Diagnostic {
        let words = error.setting?.split(separator: ".").map(String.init)
        let place = words.flatMap { node?[path: $0]?.place } ?? self.place
        let path = error.setting.map { "modules.\(instance).\($0)" } ?? "modules.\(instance)"
        return Diagnostic(.error, error.code, "\(path): \(error.message)", at: place, help: error.help)
    }
}
