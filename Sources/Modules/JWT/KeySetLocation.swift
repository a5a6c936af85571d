public import GatewayKit

/// Where a JSON Web Key Set lies: a file.
public struct KeySetLocation: Hashable, Sendable, SettingValue {
    /// The file.
    public let file: FilePath

    /// Makes a location.
    public init(_ file: FilePath) { self.file = file }

    /// A path.
    public static var schema: SettingSchema { FilePath.schema }

    /// Reads a path; a URL is refused with what to do instead.
    public static func decode(_ node: ConfigurationNode, _ decoder: inout SettingsDecoder) -> KeySetLocation? {
        guard let (text, _) = decoder.scalar(node, schema) else { return nil }
        guard !text.contains("://") else {
            decoder.report(
                .invalidValue, "a key set is read from a file; URLs are not supported yet", at: node,
                help: "save the key set as a file and write jwks: FILE")
            return nil
        }
        return FilePath.decode(node, &decoder).map(KeySetLocation.init)
    }

    /// The path.
    public var settingText: String { file.settingText }
}
