public import GatewayKit

/// A configuration without errors.
public struct LoadedConfiguration<Core: Settings>: Sendable {
    /// The settings of the gateway itself.
    public let core: Core
    /// The profile in force.
    public let profile: String?
    /// The names of all profiles of the file, in its order.
    public let profiles: [String]
    /// The modules of each stage with their settings.
    package let pipeline: ConfiguredPipeline
    /// Whether `strict: true` stands: what is only doubtful elsewhere is an error.
    public let isStrict: Bool
    /// The effective tree: every value that is not a default, with its place and the places that it overrode.
    public let root: ConfigurationNode
    /// The absolute folder that relative paths start at.
    public let baseFolder: String
}
