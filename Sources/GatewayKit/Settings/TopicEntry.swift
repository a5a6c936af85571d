/// Settings of the form `{match: PATTERN, …}`, which stand in a list where the first that matches decides.
///
///     struct Entry: TopicEntry {
///         var match = TopicPattern.all
///         var limit = 10
///         static let fields: [SettingField<Self>] = [
///             .match(\.match),
///             SettingField("limit", \.limit, required: true, "How many."),
///         ]
///     }
public protocol TopicEntry: Settings {
    /// The topics that the entry is for.
    var match: TopicPattern { get }
}

extension SettingField where Root: TopicEntry {
    /// The key `match`, which every entry has to have.
    public static func match(_ path: any WritableKeyPath<Root, TopicPattern> & Sendable) -> Self {
        SettingField("match", path, required: true, "The topics that the entry is for; the first entry that matches decides.")
    }
}

extension Array where Element: TopicEntry {
    /// The entry that decides about a topic; nil where none is for it.
    ///
    /// Allocates nothing.
    @inlinable
    public func first(matching topic: Topic) -> Element? {
        for entry in self where entry.match.matches(topic) { return entry }
        return nil
    }
}
