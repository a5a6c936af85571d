public import GatewayKit

/// Decides what becomes of a message for a receiver whose queue is full.
public struct SlowConsumer: DeliverStage {
    /// The name in gateway.yaml.
    public static let name = "slow_consumer"
    /// What it does.
    public static let summary = "Closes connections that read more slowly than messages for them arrive."

    private let onFull: OnFull
    private let topics: [SlowConsumerTopic]

    /// Makes the module.
    public init(settings: SlowConsumerSettings, context: ModuleContext) {
        onFull = settings.onFull
        topics = settings.topics
    }

    /// Delivers as long as the message fits; asks for the topic's policy only where it does not.
    public func deliver(_ message: Delivery, to connection: Connection, backlog: Backlog) -> DeliverVerdict {
        guard backlog.isExceeded(by: message.size) else { return .deliver }
        return switch topics.first(matching: message.topic)?.onFull ?? onFull {
        case .close: .disconnect
        }
    }
}
