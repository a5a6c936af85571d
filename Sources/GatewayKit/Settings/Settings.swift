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
}

extension Settings {
    /// Nothing to compare.
    public func validate(_ report: inout SettingsReport) {}

    /// A mapping of the fields.
    public static var schema: SettingSchema {
        .mapping(
            fields.map { field in
                .init(
                    name: field.name, schema: field.schema, isRequired: field.isRequired, defaultText: field.defaultText, range: field.rangeText,
                    environment: field.environment, documentation: field.documentation)
            })
    }

    /// Decodes a mapping; every unknown key and every bad value is reported, and nil comes back for any error.
    public static func decode(_ node: ConfigurationNode, _ decoder: inout SettingsDecoder) -> Self? {
        decoder.settings(Self.self, from: node)
    }

    /// Nothing: a mapping has no one-line form.
    public var settingText: String { "" }
}

/// The settings of a module that has none.
public struct NoSettings: Settings {
    /// Nothing to set.
    public init() {}
    /// No keys.
    public static var fields: [SettingField<NoSettings>] { [] }
}

/// The unit of a number in one of the document's environment variables.
public struct EnvironmentVariable: Sendable, Hashable {
    /// The variable's name.
    public let name: String
    /// What is put behind a bare number before it is read as the field's type.
    public let unit: String

    /// A variable whose value is read like the YAML's.
    public static func plain(_ name: String) -> Self { Self(name: name, unit: "") }
    /// A variable with a bare number of milliseconds.
    public static func milliseconds(_ name: String) -> Self { Self(name: name, unit: "ms") }
    /// A variable with a bare number of bytes.
    public static func bytes(_ name: String) -> Self { Self(name: name, unit: "B") }
}

/// One key: its name, where its value goes, range, documentation, and the environment variable that overrides it.
public struct SettingField<Root: Sendable>: Sendable {
    /// The key in gateway.yaml.
    public let name: String
    /// The type.
    public let schema: SettingSchema
    /// Whether the key has to be there.
    public let isRequired: Bool
    /// The default as gateway.yaml would write it; nil where the key is required or a mapping.
    public let defaultText: String?
    /// The range as people read it; nil where every value of the type will do.
    public let rangeText: String?
    /// The document's variable.
    public let environment: EnvironmentVariable?
    /// One line for people.
    public let documentation: String
    let decode: @Sendable (ConfigurationNode, inout Root, inout SettingsDecoder) -> Void
}

extension SettingField where Root: Settings {
    /// Declares a key of any type.
    ///
    /// - Parameters:
    ///   - name: The key in gateway.yaml.
    ///   - path: Where the value goes.
    ///   - required: Whether the key has to be there; then its default counts for nothing.
    ///   - environment: The document's variable that overrides it.
    ///   - documentation: One line for people.
    public init<Value: SettingValue>(
        _ name: String, _ path: any WritableKeyPath<Root, Value> & Sendable, required: Bool = false,
        environment: EnvironmentVariable? = nil, _ documentation: String
    ) {
        self.init(
            name: name, schema: Value.schema, isRequired: required,
            defaultText: required ? nil : Root()[keyPath: path].settingText, rangeText: nil, environment: environment,
            documentation: documentation
        ) { node, root, decoder in
            if let value = Value.decode(node, &decoder) { root[keyPath: path] = value }
        }
    }

    /// Declares a key whose value lies in a range.
    ///
    /// - Parameters:
    ///   - name: The key in gateway.yaml.
    ///   - path: Where the value goes.
    ///   - range: What the value may be.
    ///   - environment: The document's variable that overrides it.
    ///   - documentation: One line for people.
    public init<Value: SettingValue & Comparable & Sendable>(
        _ name: String, _ path: any WritableKeyPath<Root, Value> & Sendable, range: ClosedRange<Value>,
        environment: EnvironmentVariable? = nil, _ documentation: String
    ) {
        let rangeText = "\(range.lowerBound.settingText) to \(range.upperBound.settingText)"
        self.init(
            name: name, schema: Value.schema, isRequired: false, defaultText: Root()[keyPath: path].settingText, rangeText: rangeText,
            environment: environment, documentation: documentation
        ) { node, root, decoder in
            guard let value = Value.decode(node, &decoder) else { return }
            if range.contains(value) { root[keyPath: path] = value } else { decoder.outOfRange(node, rangeText) }
        }
    }

    /// Declares a key whose value lies in a range, or is null.
    ///
    /// - Parameters:
    ///   - name: The key in gateway.yaml.
    ///   - path: Where the value goes.
    ///   - range: What the value may be.
    ///   - environment: The document's variable that overrides it.
    ///   - documentation: One line for people.
    public init<Value: SettingValue & Comparable & Sendable>(
        _ name: String, _ path: any WritableKeyPath<Root, Value?> & Sendable, range: ClosedRange<Value>,
        environment: EnvironmentVariable? = nil, _ documentation: String
    ) {
        let rangeText = "\(range.lowerBound.settingText) to \(range.upperBound.settingText)"
        self.init(
            name: name, schema: Value?.schema, isRequired: false, defaultText: Root()[keyPath: path].settingText, rangeText: rangeText,
            environment: environment, documentation: documentation
        ) { node, root, decoder in
            guard let value = Value.decode(node, &decoder) else { return }
            if range.contains(value) { root[keyPath: path] = value } else { decoder.outOfRange(node, rangeText) }
        }
    }
}
