/// Settings that gateway.yaml gives: a value whose properties are the defaults, and a list of fields that says the rest.
///
/// Decoder, defaults, `check`, JSON Schema and the reference in docs/ all come from ``fields``:
///
///     struct SizeLimitSettings: Settings {
///         var maxMessage: ByteCount?
///         static let fields: [SettingField<Self>] = [
///             SettingField("max_message", \.maxMessage, "The largest frame; null = server.max_message_size alone.")
///         ]
///     }
///
/// A mapping inside settings is a property whose type is itself `Settings`; a list of mappings is an array of such.
public protocol Settings: SettingValue {
    /// The defaults.
    init()

    /// Every key.
    static var fields: [SettingField<Self>] { get }

    /// Looks at values together, after each has been decoded by itself.
    ///
    /// - Parameter report: Where findings go, with the place of each key.
    func validate(_ report: inout SettingsReport)

    /// Looks into the files that the settings name, as the start will, and leaves everything as it was: `gateway check` asks.
    ///
    /// - Parameter report: Where findings go.
    func verifyFiles(_ report: inout SettingsReport)

    /// The files whose content is a part of the settings, such as keys: other content there is another configuration to a reload.
    var sourceFiles: [FilePath] { get }
}

extension Settings {
    /// Nothing to compare.
    public func validate(_ report: inout SettingsReport) {}

    /// No files.
    public func verifyFiles(_ report: inout SettingsReport) {}

    /// No files.
    public var sourceFiles: [FilePath] { [] }

    /// A mapping of the fields.
    public static var schema: SettingSchema {
        .mapping(
            fields.map { field in
                .init(
                    name: field.name, schema: field.schema, isRequired: field.isRequired, defaultText: field.defaultText,
                    bounds: field.bounds,
                    environment: field.environment, documentation: field.documentation, example: field.example)
            })
    }

    /// Decodes a mapping; every unknown key and every bad value is reported, and nil comes back for any error.
    public static func decode(_ node: ConfigurationNode, _ decoder: inout SettingsDecoder) -> Self? {
        decoder.settings(Self.self, from: node)
    }

    /// The settings with their relative paths made absolute.
    public func resolved(in folder: String) -> Self { Self.fields.reduce(into: self) { $1.resolve(&$0, folder) } }

    /// `{a: 1, b: 2}`.
    public var settingText: String { "{\(Self.fields.map { "\($0.name): \($0.text(self))" }.joined(separator: ", "))}" }
}

/// The settings of a module that has none.
public struct NoSettings: Settings {
    /// Nothing to set.
    public init() {}
    /// No keys.
    public static var fields: [SettingField<NoSettings>] { [] }
}
