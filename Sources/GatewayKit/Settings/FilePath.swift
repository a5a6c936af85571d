/// A path of a file; a relative one starts at the folder of the configuration file.
public struct FilePath: Hashable, Sendable, SettingValue, CustomStringConvertible {
    /// The path: absolute, once settings have been decoded.
    public let path: String

    /// Makes a path of an absolute one or, for the default of a setting, of one that starts at the folder of the configuration file.
    public init(_ path: String) { self.path = path }

    /// A path.
    public static var schema: SettingSchema { .text("a path") }

    /// Reads a path and makes it absolute.
    public static func decode(_ node: ConfigurationNode, _ decoder: inout SettingsDecoder) -> FilePath? {
        guard let (text, _) = decoder.scalar(node, schema) else { return nil }
        guard !text.isEmpty, !text.utf8.contains(0) else {
            decoder.report(.invalidValue, "\(node.summary) is no path", at: node, help: "write the path of a file")
            return nil
        }
        return FilePath(text).resolved(in: decoder.baseFolder)
    }

    /// The path, made absolute.
    public func resolved(in folder: String) -> FilePath { path.hasPrefix("/") ? self : FilePath("\(folder)/\(path)") }

    /// The path.
    public var settingText: String { path.settingText }
    /// The path.
    public var description: String { path }
}
