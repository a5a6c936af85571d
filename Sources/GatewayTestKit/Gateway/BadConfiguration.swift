public import GatewayKit

/// A configuration that a ``TestGateway`` cannot start with.
public struct BadConfiguration: Error, Sendable, CustomStringConvertible {
    /// Every finding.
    public let diagnostics: [Diagnostic]

    /// The findings, one a line.
    public var description: String {
        diagnostics.map { "\($0.place): \($0.code): \($0.message)\($0.help.map { " (\($0))" } ?? "")" }.joined(separator: "\n")
    }
}
