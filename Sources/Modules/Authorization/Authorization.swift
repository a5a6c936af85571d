public import GatewayKit

/// The module `authorization`: who may subscribe and publish to what, by rules read from top to bottom.
///
/// The first rule that matches decides; where none does, the answer is no. On the message path a decision allocates nothing:
/// what depends on the client is resolved once a connection, when its principal is first met.
public final class Authorization: RouteStage {
    /// The name in gateway.yaml.
    public static let name = "authorization"
    /// What the module does.
    public static let summary = "Decides by rules over actions, topics and claims who may subscribe and publish to what."
    /// A new set of rules can be tried on live traffic first.
    public static let canObserve = true
    /// Who asks too often, or for too much, is not asked about.
    public static let runsAfter = [
        "size_limit": "rules are asked about messages that are too big anyway",
        "rate_limit": "what the rules forbid may be tried without end, since it never takes from the rate",
    ]

    let ruleSet: RuleSet
    private let wildcards: WildcardPolicy
    private let anonymous: ResolvedRules
    private let slot: ConnectionSlot<ResolvedRules?>

    /// Compiles the rules.
    public init(settings: AuthorizationSettings, context: ModuleContext) {
        ruleSet = RuleSet(settings.rules)
        wildcards = settings.wildcards
        anonymous = ResolvedRules(ruleSet, nil)
        slot = context.slot("resolved", initial: nil)
    }

    /// Lets pass what the rules allow; a subscription with wildcards may be narrowed to the topics that they do.
    public func route(_ command: inout Command, _ connection: Connection) -> Verdict<Rejection> {
        guard let action = RuleAction(command.action) else { return .proceed }
        let rules = resolved(for: connection)
        guard command.pattern.hasWildcards else {
            return rules.decide(action, command.pattern.bytes).isAllowed ? .proceed : .refuse(Self.rejection(action, command.pattern))
        }
        // Only a subscription can have wildcards.
        guard action == .subscribe else { return .refuse(Self.rejection(action, command.pattern)) }
        switch (rules.decide(pattern: command.pattern).outcome, wildcards) {
        case (.granted, _): return .proceed
        case (.filtered, .filter):
            command.restrict(to: AuthorizationFilter(module: self))
            return .proceed
        case (.filtered, .deny): return .refuse(Self.rejection(action, command.pattern, isPartial: true))
        case (.refused, _): return .refuse(Self.rejection(action, command.pattern))
        }
    }

    /// Says what becomes of a command of somebody, and which rule says so: what a simulation shows.
    ///
    /// - Parameters:
    ///   - action: What is wanted; `unsubscribe` is never asked of the rules.
    ///   - pattern: The topic or pattern.
    ///   - principal: Who wants it; nil for a client that has not authenticated.
    /// - Returns: The outcome with the rule that decided, which knows its place.
    package func decide(_ action: RuleAction, _ pattern: TopicPattern, _ principal: Principal?) -> RuleDecision {
        let rules = ResolvedRules(ruleSet, principal)
        guard pattern.hasWildcards else { return rules.decide(action, pattern.bytes) }
        return action == .subscribe ? rules.decide(pattern: pattern) : RuleDecision(outcome: .refused)
    }

    /// The rule at an index that a decision names.
    package func rule(at index: Int) -> AuthorizationRule? {
        ruleSet.rules.indices.contains(index) ? ruleSet.rules[index] : nil
    }

    func admits(_ topic: Topic, _ connection: Connection) -> Bool {
        resolved(for: connection).decide(.subscribe, topic.bytes).isAllowed
    }

    private func resolved(for connection: Connection) -> ResolvedRules {
        guard let principal = connection.principal else { return anonymous }
        // The slot outlives a reload, so what lies there may belong to older rules.
        if let rules = connection[slot], rules.principal === principal, rules.ruleSet === ruleSet { return rules }
        let rules = ResolvedRules(ruleSet, principal)
        connection[slot] = rules
        return rules
    }

    private static func rejection(_ action: RuleAction, _ pattern: TopicPattern, isPartial: Bool = false) -> Rejection {
        let topic = pattern.description
        let message =
            switch action {
            case .subscribe where isPartial: "Not allowed to subscribe to every topic under '\(topic)'"
            case .subscribe where pattern.hasWildcards: "Not allowed to subscribe to any topic under '\(topic)'"
            case .subscribe: "Not allowed to subscribe to '\(topic)'"
            case .publish: "Not allowed to publish to '\(topic)'"
            case .ingress: "Not allowed to send events to '\(topic)'"
            }
        return Rejection(.forbidden, message, topic: topic)
    }
}

/// Admits the topics under a wildcard that the connection could have subscribed to alone.
struct AuthorizationFilter: TopicFilter {
    let module: Authorization

    func admits(_ topic: Topic, _ connection: Connection) -> Bool { module.admits(topic, connection) }
}
