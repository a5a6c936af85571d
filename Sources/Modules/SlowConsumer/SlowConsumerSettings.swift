public import GatewayKit

/// The settings of ``SlowConsumer``.
public struct SlowConsumerSettings: Settings {
    /// What happens where no entry of ``topics`` matches.
    public var onFull = OnFull.close
    /// Policies for some topics; the first that matches decides.
    public var topics: [SlowConsumerTopic] = []

    /// The defaults.
    public init() {}

    /// The keys.
    public static let fields: [SettingField<Self>] = [
        SettingField("on_full", \.onFull, "What happens when a client's queue is full: close tells it why and closes."),
        SettingField("topics", \.topics, "Other policies for some topics; the first entry that matches decides."),
    ]
}

/// What happens when a client's queue is full.
public enum OnFull: String, Sendable, CaseIterable, SettingValue {
    /// Error 503 `slow_consumer`, close 1008.
    case close
}

/// A policy for some topics.
public struct SlowConsumerTopic: TopicEntry {
    /// The topics.
    public var match = TopicPattern.all
    /// What happens when the queue is full.
    public var onFull = OnFull.close

    /// An entry for every topic.
    public init() {}

    /// The keys.
    public static let fields: [SettingField<Self>] = [
        .match(\.match),
        SettingField("on_full", \.onFull, required: true, "What happens when a client's queue is full."),
    ]
}
