extension TopicPattern: SettingValue {
    /// A pattern.
    public static var schema: SettingSchema { .text("a topic pattern such as messages.**") }

    /// Reads a pattern.
    public static func decode(_ node: ConfigurationNode, _ decoder: inout SettingsDecoder) -> TopicPattern? {
        guard let (text, _) = decoder.scalar(node, schema) else { return nil }
        do {
            return try TopicPattern(text)
        } catch {
            decoder.report(
                .invalidValue, "the pattern \(node.shownText) \(error.rawValue)", at: node,
                help: "write it like messages.user.* or messages.**")
            return nil
        }
    }

    /// In quotes where it has wildcards.
    public var settingText: String { description.settingText }
}
