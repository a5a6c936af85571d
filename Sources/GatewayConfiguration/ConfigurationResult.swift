public import GatewayKit

/// What loading came to.
public struct ConfigurationResult<Core: Settings>: Sendable {
    /// The configuration; nil where there is any error.
    public let configuration: LoadedConfiguration<Core>?
    /// Every finding, sorted by place.
    public let diagnostics: [Diagnostic]
    /// The file, for showing lines of it; nil where it could not be read.
    public let source: SourceText?
    /// The file's path, as the user gave it.
    public let file: String
    /// The variables that are read, for each profile that was loaded; empty unless ``ConfigurationRequest/listsVariables`` asks for them.
    package var inventories: [VariableInventory] = []

    /// Whether the configuration can be used.
    public var isValid: Bool { configuration != nil }

    /// The outcome with findings that somebody else has made, such as a module that could not be made from its settings.
    public func adding(_ more: [Diagnostic]) -> ConfigurationResult {
        var findings = Findings()
        findings.add(diagnostics + more)
        return ConfigurationResult(
            configuration: findings.hasErrors ? nil : configuration, diagnostics: findings.sorted(source), source: source, file: file)
    }
}
