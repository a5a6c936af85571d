/// A value of the configuration with its place: what the reader makes of a file, and what settings are decoded from.
public struct ConfigurationNode: Sendable {
    /// The kinds of values; every scalar is text until a field's type converts it.
    public enum Content: Sendable {
        /// Text; plain where it stands without quotes.
        case scalar(String, isPlain: Bool)
        /// Keys and values, in order.
        case mapping([Entry])
        /// A list.
        case sequence([ConfigurationNode])
    }

    /// One key of a mapping.
    public struct Entry: Sendable {
        /// The key.
        public var key: String
        /// Where the key stands.
        public var keyPlace: SourcePlace
        /// The value.
        public var value: ConfigurationNode

        /// Makes an entry.
        public init(key: String, keyPlace: SourcePlace, value: ConfigurationNode) {
            self.key = key
            self.keyPlace = keyPlace
            self.value = value
        }
    }

    /// The value.
    public var content: Content
    /// Where it stands.
    public var place: SourcePlace
    /// The places of the values that this one overrode, the last one first.
    public var overridden: [SourcePlace] = []
    /// Whether variables were filled in: such a value is never shown where it may be a secret.
    public var isFilled = false

    /// Makes a node.
    public init(_ content: Content, at place: SourcePlace) {
        self.content = content
        self.place = place
    }

    /// Whether it is `null`, `~` or nothing at all; never where it is quoted.
    public var isNull: Bool {
        guard case .scalar(let text, isPlain: true) = content else { return false }
        return ["", "~", "null", "Null", "NULL"].contains(text)
    }

    /// The value under a key; nil where there is none or the node is no mapping.
    public subscript(key: String) -> ConfigurationNode? {
        guard case .mapping(let entries) = content else { return nil }
        return entries.first { $0.key == key }?.value
    }

    /// What the node is, for messages: `the string "100"`, `a list`, `a mapping`, `nothing`.
    public var summary: String {
        switch content {
        case .scalar where isNull: "nothing"
        case .scalar(let text, isPlain: true): "'\(text.prefix(60))'"
        case .scalar(let text, isPlain: false): "the string \"\(text.prefix(60))\""
        case .mapping: "a mapping"
        case .sequence: "a list"
        }
    }
}
