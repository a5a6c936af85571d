/// A value that knows where it stands: for settings that are named when they decide, such as a rule.
public struct Placed<Value: SettingValue>: SettingValue {
    /// The value.
    public var value: Value
    /// Where it stands; nil for a default.
    public var place: SourcePlace?

    /// Makes a value with its place.
    ///
    /// - Parameters:
    ///   - value: The value.
    ///   - place: Where it stands; nil for a default.
    public init(_ value: Value, at place: SourcePlace? = nil) {
        self.value = value
        self.place = place
    }

    /// What the value looks like.
    public static var schema: SettingSchema { Value.schema }

    /// Reads the value and keeps its place.
    public static func decode(_ node: ConfigurationNode, _ decoder: inout SettingsDecoder) -> Placed? {
        Value.decode(node, &decoder).map { Placed($0, at: node.place) }
    }

    /// The value's text.
    public var settingText: String { value.settingText }
}

extension Placed: Equatable where Value: Equatable {}
extension Placed: Hashable where Value: Hashable {}
