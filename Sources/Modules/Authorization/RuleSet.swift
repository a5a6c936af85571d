import GatewayKit

/// The rules, compiled: what is the same for every client.
///
/// Everything that a decision walks through lies in four arrays, so that it touches little memory and allocates nothing.
final class RuleSet: Sendable {
    /// One topic of one rule.
    struct Entry {
        /// The index of the rule.
        let rule: Int
        let isAllow: Bool
        /// Its segments, without a last `**`.
        let segments: Range<Int>
        let hasRest: Bool

        /// Whether topics of so many segments can match.
        func fits(_ count: Int) -> Bool { hasRest ? count > segments.count : count == segments.count }
    }

    enum Segment: Equatable {
        /// A range of ``RuleSet/literals``.
        case literal(Range<Int>)
        case any
        /// An index of ``RuleSet/variables``.
        case variable(Int)
    }

    let rules: [AuthorizationRule]
    let subscribe: [Entry]
    let publish: [Entry]
    let ingress: [Entry]
    let segments: [Segment]
    let literals: [UInt8]
    let variables: [TopicVariable]

    init(_ rules: [AuthorizationRule]) {
        var segments: [Segment] = []
        var literals: [UInt8] = []
        var variables: [TopicVariable] = []
        var entries: [RuleAction: [Entry]] = [:]
        for (index, rule) in rules.enumerated() {
            for topic in rule.topics {
                let start = segments.count
                for segment in topic.segments {
                    switch segment {
                    case .any: segments.append(.any)
                    case .literal(let text):
                        segments.append(.literal(literals.count..<literals.count + text.utf8.count))
                        literals += text.utf8
                    case .variable(let variable):
                        let known = variables.firstIndex(of: variable)
                        segments.append(.variable(known ?? variables.count))
                        if known == nil { variables.append(variable) }
                    }
                }
                let entry = Entry(rule: index, isAllow: rule.isAllow, segments: start..<segments.count, hasRest: topic.hasRest)
                for action in Set(rule.actions) { entries[action, default: []].append(entry) }
            }
        }
        self.rules = rules
        subscribe = entries[.subscribe] ?? []
        publish = entries[.publish] ?? []
        ingress = entries[.ingress] ?? []
        self.segments = segments
        self.literals = literals
        self.variables = variables
    }

    func entries(_ action: RuleAction) -> [Entry] {
        switch action {
        case .subscribe: subscribe
        case .publish: publish
        case .ingress: ingress
        }
    }
}
