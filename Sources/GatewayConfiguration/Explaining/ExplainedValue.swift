/// One key of the effective configuration, with its value and where that comes from.
package struct ExplainedValue: Sendable {
    /// What stands behind the key.
    package enum Content: Sendable {
        /// A value on the line of its key, as YAML.
        case value(String)
        /// Keys in the lines below.
        case mapping([ExplainedValue])
        /// Elements in the lines below, each with its origin.
        case list([Element])
    }

    /// One element of a list.
    package struct Element: Sendable {
        /// The value as YAML.
        package let text: String
        /// Where it comes from.
        package let origin: String
    }

    /// The key.
    package let key: String
    /// What stands behind it.
    package let content: Content
    /// Where the value comes from and what it overrode; nil for a mapping, whose keys have origins of their own.
    package let origin: String?

    /// The keys of a mapping; none for anything else.
    package var children: [ExplainedValue] { if case .mapping(let values) = content { values } else { [] } }
}
