public import GatewayKit

/// Refuses messages over a size that depends on their topic; the connection stays open.
///
/// The hard limit, `server.max_message_size`, is the core's and closes.
public struct SizeLimit: RouteStage {
    /// The name in gateway.yaml.
    public static let name = "size_limit"
    /// What it does.
    public static let summary = "Refuses messages that are too large for their topic; the connection stays open."
    /// What would be too large can be counted first.
    public static let canObserve = true

    private let maxMessage: ByteCount?
    private let topics: [SizeLimitTopic]

    /// Makes the module.
    public init(settings: SizeLimitSettings, context: ModuleContext) {
        maxMessage = settings.maxMessage
        topics = settings.topics
    }

    /// Compares the size of a publish with its topic's limit; everything else proceeds.
    public func route(_ command: inout Command, _ connection: Connection) -> Verdict<Rejection> {
        guard command.action == .publish, let limit = limit(of: command.pattern), command.byteCount > limit.bytes else { return .proceed }
        let message = "A message of \(command.byteCount) bytes is over the limit of \(limit.bytes) bytes"
        return .refuse(Rejection(.messageTooBig, message, topic: command.pattern.description))
    }

    private func limit(of pattern: TopicPattern) -> ByteCount? {
        guard !topics.isEmpty, let topic = pattern.topic, let entry = topics.first(matching: topic) else { return maxMessage }
        return entry.maxMessage
    }
}

extension SizeLimit: ExplainingStage {
    /// The size, and the limit of the topic.
    public func explain(_ decision: StageDecision, _ connection: Connection) -> StageExplanation? {
        guard case .command(let command, _) = decision else { return nil }
        guard command.action == .publish else { return StageExplanation("only what clients publish has a size limit") }
        guard let limit = limit(of: command.pattern) else {
            return StageExplanation("\(command.byteCount) bytes, no limit but server.max_message_size")
        }
        return StageExplanation("\(command.byteCount) bytes of \(limit.bytes)", setting: topics.isEmpty ? "max_message" : "topics")
    }
}
