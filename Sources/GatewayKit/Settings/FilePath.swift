/// A path of a file; a relative one starts at the folder of the configuration file.
public struct FilePath: Hashable, Sendable, SettingValue, CustomStringConvertible {
    /// The absolute path.
    public let path: String

    /// Makes a path of an absolute one; for the default of a setting, of a relative one too.
    public init(_ path: String) { self.path = path }

    /// A path.
    public static var schema: SettingSchema { .text("a path") }

    /// Reads a path and makes it absolute.
    public static func decode(_ node: ConfigurationNode, _ decoder: inout SettingsDecoder) -> FilePath? {
        guard let (text, _) = decoder.scalar(node, schema) else { return nil }
        guard !text.isEmpty, !text.utf8.contains(0) else {
            decoder.report(.invalidValue, "\(node.summary) is no path", at: node)
            return nil
        }
        return FilePath(text).anchored(in: decoder.baseFolder)
    }

    private func anchored(in folder: String) -> FilePath {
        path.isEmpty || path.hasPrefix("/") ? self : FilePath("\(folder)/\(path)")
    }

    /// The value with every relative path in it made absolute: where a path is a default, nothing else does.
    static func anchored<Value: SettingValue>(_ value: Value, in folder: String) -> Value {
        if let path = value as? FilePath { return path.anchored(in: folder) as? Value ?? value }
        if let settings = value as? any Settings { return settings.anchored(in: folder) as? Value ?? value }
        return value
    }

    /// The path.
    public var settingText: String { path.settingText }
    /// The path.
    public var description: String { path }
}
