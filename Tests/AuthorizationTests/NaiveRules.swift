import GatewayKit

@testable import AuthorizationModule

/// The rules in the plainest words: an opinion of its own to hold the module against.
struct NaiveRules {
    let rules: [AuthorizationRule]
    let principal: Principal?

    func allows(_ action: RuleAction, _ topic: [String]) -> Bool {
        for rule in rules where rule.actions.contains(action) && rule.applies(to: principal?.claims ?? [:]) {
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

    private func pattern(_ template: TopicTemplate, isAllow: Bool) -> ArraySlice<String> {
        template.text.split(separator: ".").map { part in
            guard part == "<userId>" else { return String(part) }
            let value = principal?.userID ?? ""
            let isSegment = !value.isEmpty && value.allSatisfy { $0.isLetter }
            // "?" is in no topic, so it matches nothing.
            return isSegment ? value : isAllow ? "?" : "*"
        }[...]
    }
}

/// A source of numbers that a seed repeats (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
