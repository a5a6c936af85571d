import Fuzzing
import GatewayKit
import NIOCore

/// A pattern and a topic, a zero byte or a line feed between them: the kit's reader and matcher against plain ones that split into segments.
@main enum TopicPatternsTarget {
    static func main() {
        runFuzzer { data, size in
            TopicPatternsTarget.check(input(data, size))
            return 0
        }
    }

    static func check(_ bytes: [UInt8]) {
        let parts = bytes.split(maxSplits: 1, omittingEmptySubsequences: false) { $0 == 0 || $0 == UInt8(ascii: "\n") }
        let texts = parts.map { String(decoding: $0, as: UTF8.self) }
        let patterns = texts.map(pattern)
        let topics = texts.map(topic)
        for case (let pattern?, let topic?) in [(patterns.first ?? nil, topics.last ?? nil), (patterns.last ?? nil, topics.first ?? nil)] {
            let expected = matches(segments(pattern.description)[...], segments(topic.description)[...])
            require(pattern.matches(topic) == expected, "\(pattern) and \(topic): \(!expected)")
        }
        guard let left = patterns.first ?? nil, let right = patterns.last ?? nil else { return }
        let expected = overlap(segments(left.description)[...], segments(right.description)[...])
        require(left.overlaps(right) == expected && right.overlaps(left) == expected, "\(left) overlaps \(right): \(!expected)")
    }

    private static func pattern(_ text: String) -> TopicPattern? {
        let pattern = try? TopicPattern(text)
        require((pattern != nil) == isValid(text, wildcards: true), "the pattern \(text) is read wrongly")
        if let pattern {
            require(pattern.description == text, "the pattern \(text) has another text")
            require(pattern.segments.map { String(buffer: $0) } == segments(text), "the pattern \(text) has other segments")
            require(pattern.hasWildcards == text.contains("*"), "the wildcards of \(text)")
        }
        return pattern
    }

    private static func topic(_ text: String) -> Topic? {
        let topic = try? Topic(text)
        require((topic != nil) == isValid(text, wildcards: false), "the topic \(text) is read wrongly")
        if let topic {
            require(TopicPattern(topic).matches(topic), "the topic \(text) does not match itself")
            require((try? TopicPattern(text)) == TopicPattern(topic), "the topic \(text) is another pattern")
        }
        return topic
    }

    // MARK: The plain way

    private static func segments(_ text: String) -> [String] {
        text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    }

    private static func isValid(_ text: String, wildcards: Bool) -> Bool {
        let segments = segments(text)
        guard text.utf8.count <= 255, segments.count <= 16 else { return false }
        return segments.enumerated().allSatisfy { index, segment in
            if wildcards, segment == "*" || segment == "**" && index == segments.count - 1 { return true }
            return !segment.isEmpty && segment.unicodeScalars.allSatisfy { allowed.contains($0) }
        }
    }

    private static let allowed = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-:@".unicodeScalars)

    private static func matches(_ pattern: ArraySlice<String>, _ topic: ArraySlice<String>) -> Bool {
        guard let segment = pattern.first else { return topic.isEmpty }
        if segment == "**" { return !topic.isEmpty }
        guard let other = topic.first, segment == "*" || segment == other else { return false }
        return matches(pattern.dropFirst(), topic.dropFirst())
    }

    private static func overlap(_ left: ArraySlice<String>, _ right: ArraySlice<String>) -> Bool {
        guard let first = left.first, let second = right.first else { return left.isEmpty && right.isEmpty }
        if first == "**" || second == "**" { return true }
        return (first == second || first == "*" || second == "*") && overlap(left.dropFirst(), right.dropFirst())
    }
}
