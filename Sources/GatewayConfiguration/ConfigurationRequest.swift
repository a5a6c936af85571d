public import GatewayKit

/// What to load: the file, and everything that is laid over it.
public struct ConfigurationRequest: Sendable {
    /// The file's path, as the user gave it.
    public var file: String
    /// The text to read instead of the file; relative paths in it still start at the file's folder.
    public var text: [UInt8]?
    /// The folder that relative paths start at; nil for the file's.
    public var baseFolder: String?
    /// The profile; nil for the base of the file alone.
    public var profile: String?
    /// Who asks for the profile, for messages; nil for `--profile`.
    public var profileOrigin: SourcePlace.Origin?
    /// The variables of the process.
    public var environment: [String: String]
    /// What `--set` gave: `a.b.c=value`, the last one wins.
    public var overrides: [String]
    /// Whether every profile's variables and files are required too.
    public var checksAllProfiles = false
    /// Whether the files that settings name are looked into, such as keys and certificates; nothing is made.
    public var verifiesFiles = false
    /// Whether a variable without a value is only a warning, for who shows a configuration: the settings of its mapping are not decoded.
    package var allowsUnset = false
    /// Whether the variables that are read are listed.
    package var listsVariables = false
    /// Which modules are going to be made; nil for all.
    ///
    /// The settings of the others are not decoded, nor their variables wanted.
    public var isNeeded: (@Sendable (any Module.Type) -> Bool)?

    /// Makes a request.
    ///
    /// - Parameters:
    ///   - file: The file's path, as the user gave it.
    ///   - text: The text to read instead of the file.
    ///   - profile: The profile; nil for the base of the file alone.
    ///   - environment: The variables of the process.
    ///   - overrides: What `--set` gave.
    public init(
        file: String, text: [UInt8]? = nil, profile: String? = nil, environment: [String: String] = [:], overrides: [String] = []
    ) {
        self.file = file
        self.text = text
        self.profile = profile
        self.environment = environment
        self.overrides = overrides
    }
}
