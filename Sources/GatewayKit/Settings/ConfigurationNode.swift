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
    /// Whether the text comes from variables: then it is text whatever it looks like, and a number type takes it.
    public var isFilled = false
    /// Whether the text stands in the lines below a `|` or `>`.
    package var isBlock = false
    /// The text as it stood in the file, with its variables; nil where none were filled in.
    public var template: String?
    /// The variables of the text that have no value, so that it stands as it is in the file.
    package var unset: [String] = []

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

    /// The value at the end of a path of keys; nil where the path leads nowhere.
    public subscript(path keys: [String]) -> ConfigurationNode? {
        var node: ConfigurationNode? = self
        for key in keys { node = node?[key] }
        return node
    }
}

extension ConfigurationNode {
    /// What the node is, for messages: `the string "100"`, `a list`, `a mapping`, `nothing`.
    public var summary: String {
        switch content {
        case .scalar where isNull: "nothing"
        case .scalar(let text, isPlain: false) where !isFilled: "the string \"\(Self.shown(text))\""
        case .scalar: shownText
        case .mapping: "a mapping"
        case .sequence: "a list"
        }
    }

    /// The text of a scalar as messages may show it: in quotes, shortened, without the login of a URL, and not where it is the
    /// value of a variable that may be secret.
    public var shownText: String {
        guard case .scalar(let text, _) = content else { return summary }
        if let template, !Self.isHarmless(text) { return "the value of \(Self.shown(Self.names(template)))" }
        return "'\(Self.shown(text))'"
    }

    /// The one variable that the value was filled from, as `the variable NAME` or `the file PATH`; nil where there is none or several.
    package var variable: String? {
        guard let template, template.hasPrefix("${"), template.hasSuffix("}") else { return nil }
        let inner = template.dropFirst(2).dropLast()
        guard !inner.contains("$"), !inner.contains("}") else { return nil }
        if inner.hasPrefix("file:") { return "the file \(inner.dropFirst(5))" }
        return "the variable \(inner.prefix { $0 != ":" })"
    }

    /// A template with nothing but the names in its variables.
    private static func names(_ template: String) -> String {
        template.replacing(/\$\{([A-Za-z_][A-Za-z0-9_]*):[-?][^}]*\}/) { "${\($0.1)}" }
    }

    /// A text without the login of a URL, shortened.
    private static func shown(_ text: String) -> String {
        let text = URLLogin.hidden(text)
        return text.count > 60 ? "\(text.prefix(59))…" : text
    }

    /// Whether a text is a number with a unit or a word for yes and no, which no secret is.
    private static func isHarmless(_ text: String) -> Bool {
        if ["", "yes", "no", "on", "off", "true", "false"].contains(text.lowercased()) { return true }
        let isShort = text.utf8.count <= 12
        return isShort && text.first?.isNumber == true && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
    }
}

extension ConfigurationNode {
    /// Where a setting stands; for one that has its default, the key of the file that it would stand under, else the file as a whole.
    ///
    /// - Parameter path: The keys of the setting, from this node on.
    /// - Returns: The place.
    package func place(of path: [String]) -> SourcePlace {
        if !path.isEmpty, let node = self[path: path] { return node.place }
        for count in path.indices.reversed() where count > 0 {
            let key = self[path: Array(path[..<(count - 1)])]?.entries?.first { $0.key == path[count - 1] }
            // What --set or a variable has put there is no place for another setting.
            if let place = key?.keyPlace, case .file = place.origin { return place }
        }
        return SourcePlace(place.origin)
    }
}

extension ConfigurationNode {
    /// The keys of a mapping, none for null; nil for anything else.
    package var entries: [Entry]? {
        if case .mapping(let entries) = content { return entries }
        return isNull ? [] : nil
    }
}
