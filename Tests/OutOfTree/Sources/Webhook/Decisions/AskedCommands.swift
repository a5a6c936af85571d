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

    /// Why nobody is asked about a command.
    enum Exemption {
        /// It is none of `actions`.
        case action
        /// It concerns none of `topics`.
        case topic
    }

    /// Why the back end is not asked about a command; nil where it is, or where the command takes back what it is asked about.
    ///
    /// On the path of every message: allocates nothing.
    func exemption(of command: Command) -> Exemption? {
        let isAsked =
            switch command.action {
            case .subscribe, .unsubscribe: subscribes
            case .publish: publishes
            case .ingress: ingests
            }
        guard isAsked else { return .action }
        // Who subscribes to `**` gets the messages of every topic.
        for topic in topics where topic.overlaps(command.pattern) { return nil }
        return .topic
    }
}
