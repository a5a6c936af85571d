import GatewayKit

extension ResolvedRules {
    /// Decides on a subscription with wildcards, exactly: whether all of the topics under it are allowed, some, or none.
    ///
    /// Per length a pattern is a box. There are more segments than rules can name, so some boxes together cover another
    /// only if one of them does, and nothing has to be enumerated.
    func decide(pattern: TopicPattern) -> RuleDecision {
        let wanted = ResolvedPattern(pattern)
        let entries = subscribePatterns()
        // Beyond the longest pattern all lengths look alike: only the patterns with ** are left, and they take them all.
        let longest = max(wanted.segments.count, entries.map(\.pattern.segments.count).max() ?? 0) + 1
        var isGrantedWhole = true
        var isAnyAllowed = false
        var deciding: Set<Int> = []
        for length in 1...min(16, longest) {
            guard let box = wanted.box(ofLength: length) else { continue }
            let shares = entries.compactMap { entry in
                entry.pattern.box(ofLength: length).flatMap(box.intersection).map {
                    Share(rule: entry.rule, isAllow: entry.isAllow, box: $0)
                }
            }
            isAnyAllowed = isAnyAllowed || Self.isAnyAllowed(shares)
            let rule = Self.ruleThatGrants(box, shares)
            isGrantedWhole = isGrantedWhole && rule != nil
            if let rule { deciding.insert(rule) }
        }
        if isGrantedWhole, isAnyAllowed { return RuleDecision(outcome: .granted, rule: deciding.count == 1 ? deciding.first : nil) }
        if isAnyAllowed { return RuleDecision(outcome: .filtered) }
        return RuleDecision(outcome: .refused, rule: firstDeny(containing: wanted, entries))
    }

    /// What a rule's topic has in common with a box.
    private struct Share {
        let rule: Int
        let isAllow: Bool
        let box: TopicBox
    }

    /// Whether some allow keeps something that no deny took before it.
    private static func isAnyAllowed(_ shares: [Share]) -> Bool {
        var denied: [TopicBox] = []
        for share in shares {
            if !share.isAllow {
                denied.append(share.box)
            } else if !denied.contains(where: { $0.contains(share.box) }) {
                return true
            }
        }
        return false
    }

    /// The allow that contains the whole box; nil where none does, or where a deny before it takes what no allow took before.
    private static func ruleThatGrants(_ box: TopicBox, _ shares: [Share]) -> Int? {
        var allowed: [TopicBox] = []
        for share in shares {
            if share.isAllow {
                if share.box == box { return share.rule }
                allowed.append(share.box)
            } else if !allowed.contains(where: { $0.contains(share.box) }) {
                return nil
            }
        }
        return nil
    }

    /// The first rule that denies everything under the pattern, where one does: only to be shown.
    private func firstDeny(containing wanted: ResolvedPattern, _ entries: [Entry]) -> Int? {
        entries.first { entry in
            !entry.isAllow
                && (1...16).allSatisfy { length in
                    guard let box = wanted.box(ofLength: length) else { return true }
                    return entry.pattern.box(ofLength: length)?.contains(box) == true
                }
        }?.rule
    }

    private typealias Entry = (rule: Int, isAllow: Bool, pattern: ResolvedPattern)

    /// The rules on subscriptions that count for the client, with their variables filled in.
    private func subscribePatterns() -> [Entry] {
        ruleSet.subscribe.compactMap { entry in
            guard isActive[entry.rule] else { return nil }
            var segments: [[UInt8]?] = []
            for index in entry.segments {
                switch ruleSet.segments[index] {
                case .any: segments.append(nil)
                case .literal(let range): segments.append(Array(ruleSet.literals[range]))
                case .variable(let variable):
                    let range = valueRanges[variable]
                    if range.isEmpty, entry.isAllow { return nil }
                    segments.append(range.isEmpty ? nil : Array(values[range]))
                }
            }
            return (entry.rule, entry.isAllow, ResolvedPattern(segments: segments, hasRest: entry.hasRest))
        }
    }
}
