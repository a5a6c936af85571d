import GatewayKit

/// Topics under a wildcard that show what the rules make of it: each rule's own, with made-up segments for what it leaves open.
struct RuleExamples {
    private static let maxCount = 20
    private static let madeUp = "example"
    private static let stranger = "another-example"

    /// What is asked for.
    let pattern: TopicPattern
    let rules: ResolvedRules

    private struct Segment {
        let text: String
        let value: String

        init(_ text: String, _ value: String? = nil) { (self.text, self.value) = (text, value ?? text) }
    }

    /// At most twenty, in the order of the rules.
    var all: [TopicExample] {
        let wanted = ResolvedPattern(pattern)
        var seen: Set<String> = []
        var examples: [TopicExample] = []
        func add(_ segments: [TopicTemplate.Segment], hasRest: Bool, isOwn: Bool) {
            guard let example = example(segments, hasRest: hasRest, under: wanted, isOwn: isOwn), examples.count < Self.maxCount,
                seen.insert(example.text).inserted
            else { return }
            examples.append(example)
        }
        for topic in rules.ruleSet.rules.filter({ $0.actions.contains(.subscribe) }).flatMap(\.topics) {
            add(topic.segments, hasRest: topic.hasRest, isOwn: true)
            add(topic.segments, hasRest: topic.hasRest, isOwn: false)
        }
        add([], hasRest: true, isOwn: true)
        return examples
    }

    /// The shortest topic that both match; nil where there is none, or a variable has no value.
    private func example(
        _ template: [TopicTemplate.Segment], hasRest: Bool, under wanted: ResolvedPattern, isOwn: Bool
    ) -> TopicExample? {
        let length = max(template.count + (hasRest ? 1 : 0), wanted.segments.count + (wanted.hasRest ? 1 : 0))
        guard hasRest || length == template.count, wanted.hasRest || length == wanted.segments.count else { return nil }
        var segments: [Segment] = []
        for index in 0..<length {
            let fixed = index < wanted.segments.count ? wanted.segments[index].map { String(decoding: $0, as: UTF8.self) } : nil
            let own = index < template.count ? template[index] : .any
            guard let segment = merged(own, fixed, isOwn: isOwn) else { return nil }
            segments.append(segment)
        }
        guard let topic = try? Topic(segments.map(\.value).joined(separator: ".")) else { return nil }
        let rule = rules.decide(.subscribe, topic.bytes).rule.map { rules.ruleSet.rules[$0] }
        return TopicExample(segments.map(\.text).joined(separator: "."), topic, place: rule?.place)
    }

    private func merged(_ segment: TopicTemplate.Segment, _ fixed: String?, isOwn: Bool) -> Segment? {
        switch segment {
        case .literal(let text): return fixed == nil || fixed == text ? Segment(text) : nil
        case .any: return fixed.map { Segment($0) } ?? Segment("<any>", Self.madeUp)
        case .variable(let variable):
            if let fixed { return Segment(fixed) }
            let name = if case .claim(let name) = variable { name } else { "id" }
            guard isOwn else { return Segment("<another \(name)>", Self.stranger) }
            return variable.segment(for: rules.principal).map { Segment("<own \(name)>", $0) }
        }
    }
}
