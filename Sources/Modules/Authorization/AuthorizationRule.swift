public import GatewayKit

/// One rule: allows or denies actions on topics, perhaps only for some claims.
public struct AuthorizationRule: SettingValue {
    /// Whether a match allows; else it denies.
    public let isAllow: Bool
    /// What the rule is about.
    public let actions: [RuleAction]
    /// Where.
    public let topics: [TopicTemplate]
    /// The rule counts only for claims that all hold.
    public let when: [String: ClaimWord]
    /// The rule does not count for claims that all hold.
    public let unless: [String: ClaimWord]
    /// Where the rule stands.
    public let place: SourcePlace

    /// A mapping of the keys.
    public static var schema: SettingSchema { Keys.schema }

    /// Reads a rule and keeps its place.
    public static func decode(_ node: ConfigurationNode, _ decoder: inout SettingsDecoder) -> AuthorizationRule? {
        guard case .mapping = node.content else {
            decoder.report(
                .wrongType, "expected a rule, got \(node.summary)", at: node, help: "write it like {allow: [subscribe], topics: [messages]}"
            )
            return nil
        }
        guard let keys = Keys.decode(node, &decoder) else { return nil }
        return AuthorizationRule(
            isAllow: keys.allow != nil, actions: keys.allow ?? keys.deny ?? [], topics: keys.topics, when: keys.when, unless: keys.unless,
            place: node.place)
    }

    /// Nothing: a mapping has no one-line form.
    public var settingText: String { "" }
}

extension AuthorizationRule {
    /// The keys of a rule as gateway.yaml has them.
    struct Keys: Settings {
        var allow: [RuleAction]?
        var deny: [RuleAction]?
        var topics: [TopicTemplate] = []
        var when: [String: ClaimWord] = [:]
        var unless: [String: ClaimWord] = [:]

        static let fields: [SettingField<Self>] = [
            SettingField("allow", \.allow, "The actions that a match allows; a rule has either allow or deny."),
            SettingField("deny", \.deny, "The actions that a match denies."),
            SettingField(
                "topics", \.topics, required: true, "Topics and patterns; <userId> and <claims.NAME> stand for one whole segment."),
            SettingField("when", \.when, "Claims that all have to equal their value, or be a list that holds it."),
            SettingField("unless", \.unless, "Claims that lift the rule where all equal their value, or are a list that holds it."),
        ]

        func validate(_ report: inout SettingsReport) {
            switch (allow, deny) {
            case (nil, nil):
                report.add(
                    .error, .missingKey, "allow", "a rule has neither allow nor deny", help: "add allow: [subscribe] or deny: [subscribe]")
            case (_?, _?):
                report.add(
                    .error, .invalidValue, "deny", "a rule has both allow and deny", other: ("allow", "allow stands here"),
                    help: "make two rules of it")
            case (let actions?, nil), (nil, let actions?):
                guard actions.isEmpty else { break }
                report.add(
                    .error, .invalidValue, allow == nil ? "deny" : "allow", "names no action", help: "name at least one of \(Self.actions)")
            }
            if topics.isEmpty {
                report.add(.error, .invalidValue, "topics", "names no topic", help: "for every topic write topics: [\"**\"]")
            }
        }

        private static let actions = RuleAction.allCases.map(\.rawValue).joined(separator: ", ")
    }
}

/// An action that rules are about.
public enum RuleAction: String, Sendable, CaseIterable, SettingValue {
    /// Receive what is published.
    case subscribe
    /// Publish over the WebSocket.
    case publish
    /// Publish over HTTP.
    case ingress

    /// The action of a command; nil for `unsubscribe`, which needs no permission.
    public init?(_ action: Command.Action) {
        switch action {
        case .subscribe: self = .subscribe
        case .publish: self = .publish
        case .ingress: self = .ingress
        case .unsubscribe: return nil
        }
    }
}
