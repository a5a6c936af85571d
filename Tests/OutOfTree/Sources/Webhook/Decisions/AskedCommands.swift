import GatewayKit

/// Which commands the back end is asked about.
struct AskedCommands: Sendable {
    private let subscribes: Bool
    private let publishes: Bool
    private let ingests: Bool
    private let topics: [TopicPattern]

    init(_ settings: WebhookSettings) {
        let isAsked = settings.url != nil
        subscribes = isAsked && settings.actions.contains(.subscribe)
        publishes = isAsked && settings.actions.contains(.publish)
        ingests = isAsked && settings.actions.contains(.ingress)
        topics = settings.topics
    }

    /// Whether a command is one of them, or takes one back.
    ///
    /// On the path of every message: allocates nothing.
    func contains(_ command: Command) -> Bool {
        let isAsked =
            switch command.action {
            case .subscribe, .unsubscribe: subscribes
            case .publish: publishes
            case .ingress: ingests
            }
        guard isAsked else { return false }
        // Who subscribes to `**` gets the messages of every topic.
        for topic in topics where topic.overlaps(command.pattern) { return true }
        return false
    }
}
