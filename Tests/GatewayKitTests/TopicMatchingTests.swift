import GatewayKit
import NIOCore
import GatewayTestKit
import Testing

/// The matcher against another one, written the other way round: recursive, over lists of words.
@Suite struct TopicMatchingTests {
    private func matches(_ pattern: ArraySlice<Substring>, _ topic: ArraySlice<Substring>) -> Bool {
        guard let first = pattern.first else { return topic.isEmpty }
        guard let word = topic.first else { return false }
        switch first {
        case "**": return pattern.count == 1
        case "*": return matches(pattern.dropFirst(), topic.dropFirst())
        default: return first == word && matches(pattern.dropFirst(), topic.dropFirst())
        }
    }

    private func words(_ text: String) -> ArraySlice<Substring> { text.split(separator: ".", omittingEmptySubsequences: false)[...] }

    @Test func `every short pattern matches the same short topics as by the other matcher`() throws {
        // Few letters and prefixes of each other, so that many pairs nearly match.
        let segments = ["a", "b", "ab", "aa"]
        let topics = combinations(segments, upTo: 4)
        let patterns = combinations(segments + ["*"], upTo: 3)
        let all = patterns + patterns.map { $0 + ".**" } + ["**"]
        let parsed = try topics.map { (topic: try Topic($0), words: words($0)) }
        var matched = 0
        for text in all {
            let pattern = try TopicPattern(text)
            let wanted = words(text)
            for topic in parsed where pattern.matches(topic.topic) != matches(wanted, topic.words) {
                Issue.record("\(text) and \(topic.topic)")
            }
            matched += parsed.count { pattern.matches($0.topic) }
        }
        #expect(matched > 1000)
    }

    @Test func `random long patterns match as by the other matcher`() throws {
        var random = SeededRandom(seed: 3)
        var matched = 0
        for _ in 0..<20_000 {
            let topic = (0..<Int.random(in: 1...16, using: &random)).map { _ in ["a", "bc", "x"].randomElement(using: &random) ?? "a" }
            var pattern = topic.map { Int.random(in: 0...3, using: &random) == 0 ? "*" : $0 }
            switch Int.random(in: 0...4, using: &random) {
            case 0: pattern[Int.random(in: pattern.indices, using: &random)] = "y"
            case 1: pattern = Array(pattern.prefix(Int.random(in: 0..<pattern.count, using: &random))) + ["**"]
            case 2 where pattern.count < 16: pattern.append(["**", "*", "a"].randomElement(using: &random) ?? "a")
            case 3 where pattern.count > 1: pattern.removeLast()
            default: break
            }
            let (patternText, topicText) = (pattern.joined(separator: "."), topic.joined(separator: "."))
            let found = try TopicPattern(patternText).matches(Topic(topicText))
            #expect(found == matches(words(patternText), words(topicText)), "\(patternText) \(topicText)")
            matched += found ? 1 : 0
        }
        #expect((4000...16_000).contains(matched))
    }

    @Test func `random bytes are a pattern only where they follow the grammar`() {
        var random = SeededRandom(seed: 5)
        let letters = Array("ab.*$ -_:@<\u{7F}".utf8) + [0, 0x80, 0xFF]
        let segment = /[A-Za-z0-9_:@\-]+/
        for _ in 0..<20_000 {
            let bytes = (0..<Int.random(in: 0...8, using: &random)).map { _ in letters.randomElement(using: &random) ?? 0 }
            let words = String(decoding: bytes, as: UTF8.self).split(separator: ".", omittingEmptySubsequences: false)
            func isWord(_ word: Substring) -> Bool { (try? segment.wholeMatch(in: word)) != nil }
            let isPattern = words.enumerated().allSatisfy { $1 == "*" || isWord($1) || ($1 == "**" && $0 == words.count - 1) }
            #expect(((try? TopicPattern(ByteBuffer(bytes: bytes))) != nil) == isPattern, "\(bytes)")
            #expect(((try? Topic(ByteBuffer(bytes: bytes))) != nil) == words.allSatisfy(isWord), "\(bytes)")
        }
    }

    @Test func `two patterns overlap where some topic matches both`() throws {
        let segments = ["a", "b", "*"]
        let texts = combinations(segments, upTo: 3)
        let patterns = try (texts + combinations(segments, upTo: 2).map { $0 + ".**" } + ["**"]).map { try TopicPattern($0) }
        let topics = try combinations(["a", "b"], upTo: 4).map { try Topic($0) }
        let matched = patterns.map { pattern in Set(topics.indices.filter { pattern.matches(topics[$0]) }) }
        var overlaps = 0
        for (left, leftTopics) in zip(patterns, matched) {
            for (right, rightTopics) in zip(patterns, matched) {
                let isFound = left.overlaps(right)
                if isFound == leftTopics.isDisjoint(with: rightTopics) { Issue.record("\(left) and \(right)") }
                overlaps += isFound ? 1 : 0
            }
        }
        #expect((500...2000).contains(overlaps))
    }

    private func combinations(_ segments: [String], upTo count: Int) -> [String] {
        var all: [String] = []
        var last = [""]
        for _ in 0..<count {
            last = last.flatMap { head in segments.map { head.isEmpty ? $0 : "\(head).\($0)" } }
            all += last
        }
        return all
    }
}
