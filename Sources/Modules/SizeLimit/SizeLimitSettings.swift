public import GatewayKit

/// The settings of ``SizeLimit``.
public struct SizeLimitSettings: Settings {
    /// The largest message where no entry of ``topics`` matches; nil leaves it to the hard limit.
    public var maxMessage: ByteCount?
    /// Limits for some topics; the first that matches decides.
    public var topics: [SizeLimitTopic] = []

    /// The defaults.
    public init() {}

    /// The keys.
    public static let fields: [SettingField<Self>] = [
        SettingField("max_message", \.maxMessage, "The largest message, in bytes of its frame; null = server.max_message_size alone."),
        SettingField("topics", \.topics, "Other limits for some topics; the first entry that matches decides."),
    ]
}

/// A limit for some topics.
public struct SizeLimitTopic: TopicEntry {
    /// The topics.
    public var match = TopicPattern.all
    /// The largest message; nil leaves it to the hard limit.
    public var maxMessage: ByteCount?

    /// An entry for every topic, without a limit.
    public init() {}

    /// The keys.
    public static let fields: [SettingField<Self>] = [
        .match(\.match),
        SettingField("max_message", \.maxMessage, required: true, "The largest message; null = server.max_message_size alone."),
    ]
}
