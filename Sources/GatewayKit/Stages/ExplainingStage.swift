/// A module that can say why it decides as it does: what `gateway simulate` shows beside its verdicts.
///
/// Asked by a simulation alone, never while the gateway serves, so it may take its time.
public protocol ExplainingStage: Module {
    /// Says why the module has decided as it has, right after it did.
    ///
    /// - Parameters:
    ///   - decision: What the module was asked, and what it answered; a verdict that waited is told as what came.
    ///   - connection: The connection; on its event loop.
    /// - Returns: Nil where there is nothing to say.
    func explain(_ decision: StageDecision, _ connection: Connection) -> StageExplanation?
}

/// What a module was asked, with what it answered.
public enum StageDecision: Sendable {
    /// By the accept stage.
    case accept(Verdict<HTTPRefusal>)
    /// By the handshake stage.
    case handshake(UpgradeRequest, Verdict<HTTPRefusal>)
    /// By the auth stage.
    case auth(Credentials, AuthVerdict)
    /// By the route stage, with the command as it came to the module.
    case command(Command, Verdict<Rejection>)
    /// By the route stage, where the module looks at whole messages.
    case frame(FrameMessage, FrameVerdict)
}

/// Why a module decided as it did, for people.
public struct StageExplanation: Sendable, Equatable {
    /// The facts that decided, in lower case, without a full stop and without a secret.
    public var text: String
    /// Where in gateway.yaml that stands which decided.
    public var place: SourcePlace?
    /// The setting to look at, relative to the module's settings (`audience`); its place is found by whoever shows it.
    public var setting: String?
    /// What to do about a refusal.
    public var help: String?
    /// Topics under a wildcard for which it is worth showing whether they are granted.
    public var examples: [TopicExample]

    /// Makes an explanation.
    ///
    /// - Parameters:
    ///   - text: The facts that decided, in lower case, without a full stop and without a secret.
    ///   - place: Where in gateway.yaml that stands which decided.
    ///   - setting: The setting to look at, relative to the module's settings.
    ///   - help: What to do about a refusal.
    ///   - examples: Topics under a wildcard for which it is worth showing whether they are granted.
    public init(
        _ text: String, place: SourcePlace? = nil, setting: String? = nil, help: String? = nil, examples: [TopicExample] = []
    ) {
        self.text = text
        self.place = place
        self.setting = setting
        self.help = help
        self.examples = examples
    }
}

/// A topic under a wildcard, made up to show whether it is granted.
public struct TopicExample: Sendable, Equatable {
    /// The topic for people: `messages.user.<another id>`.
    public let text: String
    /// The topic that is asked about.
    public let topic: Topic
    /// Where in gateway.yaml that stands which decides on it.
    public let place: SourcePlace?

    /// Makes an example.
    public init(_ text: String, _ topic: Topic, place: SourcePlace? = nil) {
        self.text = text
        self.topic = topic
        self.place = place
    }
}
