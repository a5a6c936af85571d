import GatewayKit

@testable import AuthorizationModule

/// The rules in the plainest words: an opinion of its own to hold the module against.
struct NaiveRules {
    let rules: [AuthorizationRule]
    let principal: Principal?

    func allows(_ action: RuleAction, _ topic: [String]) -> Bool {
        for rule in rules where rule.actions.contains(action) && counts(rule) {
            for template in rule.topics where matches(pattern(template, isAllow: rule.isAllow), topic[...]) { return rule.isAllow }
        }
        return false
    }

    /// Whether a topic is under a pattern, which is split at its dots.
    func matches(_ pattern: ArraySlice<String>, _ topic: ArraySlice<String>) -> Bool {
        guard let wanted = pattern.first else { return topic.isEmpty }
        guard let segment = topic.first else { return false }
        if wanted == "**" { return true }
        return (wanted == "*" || wanted == segment) && matches(pattern.dropFirst(), topic.dropFirst())
    }

    /// Whether every entry of `when` holds, which a missing claim does for a deny alone, and not every entry of `unless`.
    ///
    /// There a missing claim lifts no deny, and stops an allow.
    private func counts(_ rule: AuthorizationRule) -> Bool {
        for (name, word) in rule.when where !(holds(name, word.text) ?? !rule.isAllow) { return false }
        var isLifted = !rule.unless.isEmpty
        for (name, word) in rule.unless {
            let holds = holds(name, word.text)
            if holds == nil, rule.isAllow { return false }
            if holds != true { isLifted = false }
        }
        return !isLifted
    }

    /// Whether a claim is a word, or a list with it; nil where there is no such claim.
    private func holds(_ name: String, _ word: String) -> Bool? {
        switch principal?.claims[name] {
        case nil, .null: nil
        case .array(let values): values.contains { text($0) == word }
        case let value?: text(value) == word
        }
    }

    private func text(_ value: JSONValue?) -> String? {
        switch value {
        case .string(let text): text
        case .integer(let number): "\(number)"
        case .bool(let flag): flag ? "true" : "false"
        default: nil
        }
    }

    private func pattern(_ template: TopicTemplate, isAllow: Bool) -> ArraySlice<String> {
        var parts: [String] = []
        var rest = template.text[...]
        while !rest.isEmpty {
            // The dot of <claims.x> is none of the topic's.
            let end = rest.hasPrefix("<") ? rest.firstIndex(of: ">").map(rest.index(after:)) : rest.firstIndex(of: ".")
            let part = String(rest[..<(end ?? rest.endIndex)])
            rest = rest[(end ?? rest.endIndex)...].dropFirst()
            guard part.hasPrefix("<") else {
                parts.append(part)
                continue
            }
            let value = part == "<userId>" ? principal?.userID : text(principal?.claims[String(part.dropFirst(8).dropLast())])
            let isSegment = value.map { !$0.isEmpty && $0.allSatisfy { $0.isLetter || $0.isNumber } } ?? false
            // "?" is in no topic, so it matches nothing.
            parts.append(isSegment ? value ?? "" : isAllow ? "?" : "*")
        }
        return parts[...]
    }
}
