public import GatewayKit

/// A configuration that only showed to be wrong when its modules were made or started.
public struct ConfigurationFailure: Error, Sendable, CustomStringConvertible {
    /// What is wrong, with its place.
    public let diagnostic: Diagnostic
    /// The setting at fault, where it is one of the core's and its place is not known yet.
    private var path: [String] = []

    /// What is wrong, at the place that the setting has in a tree.
    ///
    /// - Parameter root: The effective tree that the settings were decoded from.
    /// - Returns: The finding.
    public func diagnostic(in root: ConfigurationNode) -> Diagnostic {
        if path.isEmpty { return diagnostic }
        return Diagnostic(diagnostic.severity, diagnostic.code, diagnostic.message, at: root.place(of: path), help: diagnostic.help)
    }

    /// A module could not be made or started.
    init(_ configured: ConfiguredModule, _ error: any Error) {
        let unexplained = ModuleError(
            "the module could not start: \(error)", help: "the module says no more; one of your own throws a ModuleError that does")
        diagnostic = configured.diagnostic(for: error as? ModuleError ?? unexplained)
    }

    /// A part of the core's settings cannot be used.
    ///
    /// - Parameters:
    ///   - path: Where it stands: `server.tls`.
    ///   - error: Why, with the setting at fault below that.
    package init(_ path: String, _ error: ModuleError) {
        let setting = error.setting.map { "\(path).\($0)" } ?? path
        diagnostic = Diagnostic(
            .error, error.code, "\(setting): \(error.message)", at: SourcePlace(.file("gateway.yaml"), line: 1, column: 1), help: error.help
        )
        self.path = setting.split(separator: ".").map(String.init)
    }

    /// The finding in one line.
    public var description: String { "\(diagnostic.place): error[\(diagnostic.code.rawValue)]: \(diagnostic.message)" }
}
