public import GatewayKit

extension Authorization: ExplainingStage {
    /// Which rule decided, or came nearest.
    public func explain(_ decision: StageDecision, _ connection: Connection) -> StageExplanation? {
        guard case .command(let command, let verdict) = decision else { return nil }
        guard let action = RuleAction(command.action) else { return StageExplanation("nobody needs leave to unsubscribe") }
        let (pattern, principal) = (command.pattern, connection.principal)
        let found = decide(action, pattern, principal)
        switch found.outcome {
        case .granted, .refused:
            if let index = found.rule, let rule = rule(at: index) {
                return StageExplanation("rule \(index + 1) \(rule)", place: rule.place)
            }
            if found.outcome == .refused { return explainRefusal(action, pattern, principal) }
            return StageExplanation("several rules together", setting: "rules", examples: examples(pattern, principal))
        case .filtered:
            if case .refuse = verdict { return StageExplanation("wildcards: deny, and only a part is allowed", setting: "wildcards") }
            return StageExplanation("filtered: only a part is allowed", setting: "wildcards", examples: examples(pattern, principal))
        }
    }

    private func examples(_ pattern: TopicPattern, _ principal: Principal?) -> [TopicExample] {
        RuleExamples(pattern: pattern, rules: ResolvedRules(ruleSet, principal)).all
    }

    /// No rule matches: names the one that would if something were different.
    private func explainRefusal(_ action: RuleAction, _ pattern: TopicPattern, _ principal: Principal?) -> StageExplanation {
        let near = ruleSet.rules.indices.lazy.compactMap { index -> (Int, String)? in
            let rule = self.ruleSet.rules[index]
            return rule.nearness(action, pattern, principal).map { (index, $0) }
        }
        let best = near.first { ruleSet.rules[$0.0].actions.contains(action) } ?? near.first
        guard let (index, why) = best, let rule = rule(at: index) else {
            return StageExplanation("no rule matches", setting: "rules", help: "add a rule that allows it to modules.authorization.rules")
        }
        return StageExplanation("rule \(index + 1) \(rule) does not apply: \(why); no rule matches", place: rule.place)
    }
}

extension AuthorizationRule: CustomStringConvertible {
    /// The rule as it would stand on one line of gateway.yaml.
    public var description: String {
        var parts = ["\(isAllow ? "allow" : "deny"): [\(actions.map(\.rawValue).joined(separator: ", "))]"]
        parts.append("topics: [\(topics.map(\.settingText).joined(separator: ", "))]")
        for (key, words) in [("when", when), ("unless", unless)] where !words.isEmpty {
            let entries = words.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value.settingText)" }
            parts.append("\(key): {\(entries.joined(separator: ", "))}")
        }
        return "{\(parts.joined(separator: ", "))}"
    }

    /// Why the rule does not allow something although its topics look like it; nil where they do not, or it denies.
    fileprivate func nearness(_ action: RuleAction, _ pattern: TopicPattern, _ principal: Principal?) -> String? {
        guard isAllow else { return nil }
        let open = AuthorizationRule(
            isAllow: true, actions: [action], topics: topics.map(\.open), when: [:], unless: [:], place: place)
        let rules = ResolvedRules(RuleSet([open]), nil)
        let isNear =
            pattern.hasWildcards
            ? action == .subscribe && rules.decide(pattern: pattern).outcome != .refused : rules.decide(action, pattern.bytes).isAllowed
        guard isNear else { return nil }
        guard actions.contains(action) else { return "it is not about \(action.rawValue)" }
        let claims = principal?.claims ?? [:]
        for (name, word) in when.sorted(by: { $0.key < $1.key }) where word.holds(for: claims.member(name)) != true {
            return claims.member(name) == nil ? "there is no claim \(name)" : "the claim \(name) is not \(word.settingText)"
        }
        guard applies(to: claims) else { return "what it says under unless stands against it" }
        return variables(principal).joined(separator: ", ")
    }

    /// What the variables of the topics stand for: `<userId> is alice`.
    private func variables(_ principal: Principal?) -> [String] {
        var names: [String] = []
        for case .variable(let variable) in topics.flatMap(\.segments) {
            let name = if case .claim(let name) = variable { "claims.\(name)" } else { "userId" }
            let text = "<\(name)> is \(variable.segment(for: principal) ?? "no valid segment")"
            if !names.contains(text) { names.append(text) }
        }
        return names
    }
}

extension TopicTemplate {
    /// The same with any segment in place of a variable.
    fileprivate var open: TopicTemplate {
        let parts = segments.map { if case .literal(let text) = $0 { text } else { "*" } } + (hasRest ? ["**"] : [])
        return (try? TopicTemplate(parts.joined(separator: "."))) ?? self
    }
}
