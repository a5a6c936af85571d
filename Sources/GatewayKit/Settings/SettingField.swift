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
    /// What the value may be; nil where every value of the type will do.
    public let bounds: SettingBounds?
    /// The document's variable.
    public let environment: EnvironmentVariable?
    /// One line for people.
    public let documentation: String
    /// A value that examples show in place of the default, as gateway.yaml would write it.
    public private(set) var example: String?
    /// A value of the setting as gateway.yaml would write it; secrets as `***`.
    public let text: @Sendable (Root) -> String
    let decode: @Sendable (ConfigurationNode, inout Root, inout SettingsDecoder) -> Void
    /// Makes the relative paths of the value absolute.
    let resolve: @Sendable (inout Root, String) -> Void

    /// The same field, with a value that examples show where the default would do nothing.
    ///
    /// - Parameter text: The value as gateway.yaml would write it.
    /// - Returns: The field.
    public func example(_ text: String) -> Self {
        var field = self
        field.example = text
        return field
    }

    /// The range as people read it; nil where every value of the type will do.
    public var rangeText: String? { bounds?.description }
}

extension SettingField where Root: Settings {
    private init<Value: SettingValue>(
        _ name: String, _ path: any WritableKeyPath<Root, Value> & Sendable, schema: SettingSchema, isRequired: Bool,
        bounds: SettingBounds?, environment: EnvironmentVariable?, documentation: String,
        decode: @escaping @Sendable (ConfigurationNode, inout Root, inout SettingsDecoder) -> Void
    ) {
        self.name = name
        self.schema = schema
        self.isRequired = isRequired
        if case .mapping = schema { defaultText = nil } else { defaultText = isRequired ? nil : Root()[keyPath: path].settingText }
        self.bounds = bounds
        self.environment = environment
        self.documentation = documentation
        text = { $0[keyPath: path].settingText }
        resolve = { root, folder in root[keyPath: path] = root[keyPath: path].resolved(in: folder) }
        self.decode = decode
    }
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
            name, path, schema: Value.schema, isRequired: required, bounds: nil, environment: environment, documentation: documentation
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
        let bounds = SettingBounds(range)
        self.init(
            name, path, schema: Value.schema, isRequired: false, bounds: bounds, environment: environment, documentation: documentation
        ) { node, root, decoder in
            guard let value = Value.decode(node, &decoder) else { return }
            if range.contains(value) { root[keyPath: path] = value } else { decoder.outOfRange(node, bounds) }
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
        let bounds = SettingBounds(range)
        self.init(
            name, path, schema: Value?.schema, isRequired: false, bounds: bounds, environment: environment, documentation: documentation
        ) { node, root, decoder in
            guard let value = Value.decode(node, &decoder) else { return }
            if range.contains(value) { root[keyPath: path] = value } else { decoder.outOfRange(node, bounds) }
        }
    }
}
