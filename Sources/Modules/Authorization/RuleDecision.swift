/// What the rules say to a command.
package struct RuleDecision: Sendable, Equatable {
    /// The kinds of answers.
    package enum Outcome: Sendable, Equatable {
        /// Yes.
        case granted
        /// For some of the topics under a wildcard.
        case filtered
        /// No.
        case refused
    }

    /// The answer.
    package let outcome: Outcome
    /// The index of the rule that decided; nil where none matched, or where several together did.
    package let rule: Int?

    package init(outcome: Outcome, rule: Int? = nil) {
        self.outcome = outcome
        self.rule = rule
    }

    var isAllowed: Bool { outcome == .granted }
}
