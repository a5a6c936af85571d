import GatewayKit
import GatewayTestKit
import NIOCore

@testable import RedisModule

/// A table, a Redis that does as it says, and what is wanted, counted plainly: tells where they differ.
struct InterestModel {
    private static let segments = ["a", "b"]
    /// Every topic of one to four segments.
    private static let universe: [String] = (1...4).reduce(into: [[""]]) { lengths, _ in
        lengths.append(lengths[lengths.count - 1].flatMap { start in segments.map { start.isEmpty ? $0 : "\(start).\($0)" } })
    }.dropFirst().flatMap { $0 }
    private static let topics: [(text: String, topic: Topic)] = universe.compactMap { text in (try? Topic(text)).map { (text, $0) } }

    private(set) var table: InterestTable
    private(set) var redis = SimulatedRedis()
    private(set) var interests: [TopicPattern] = []
    private let maxPatterns: Int
    private var matches: [TopicPattern: Set<String>] = [:]

    init(segments: Int, maxPatterns: Int) {
        table = InterestTable(segments: segments, maxPatterns: maxPatterns)
        self.maxPatterns = maxPatterns
    }

    /// Adds or removes something, or connects anew; answers what is wrong.
    mutating func step(_ random: inout SeededRandom) -> String? {
        switch Int.random(in: 0..<20, using: &random) {
        case 0: return reconnect()
        case 1..<(interests.count > 12 ? 14 : 8):
            guard let index = interests.indices.randomElement(using: &random) else { return nil }
            return remove(at: index)
        default:
            guard let pattern = try? TopicPattern(Self.pattern(&random)) else { return "no pattern" }
            return add(pattern)
        }
    }

    private static func pattern(_ random: inout SeededRandom) -> String {
        let isTopic = Int.random(in: 0..<3, using: &random) == 0
        var segments = (0..<Int.random(in: 1...4, using: &random)).map { _ in
            isTopic || Int.random(in: 0..<4, using: &random) > 0 ? ["a", "b"].randomElement(using: &random) ?? "a" : "*"
        }
        if !isTopic, Bool.random(using: &random) { segments[segments.count - 1] = "**" }
        return segments.joined(separator: ".")
    }

    private mutating func add(_ pattern: TopicPattern) -> String? {
        let before = wanted()
        interests.append(pattern)
        let isNewTopic = !pattern.hasWildcards && interests.count { $0 == pattern } == 1
        let isCovered = redis.covers(pattern.description)
        let changes = table.add(pattern)
        if isNewTopic, isCovered, !changes.isEmpty { return "\(pattern) is asked for below a beginning" }
        return apply(changes, before)
    }

    /// Takes one interest away; answers what is wrong.
    mutating func remove(at index: Int) -> String? {
        let before = wanted()
        return apply(table.remove(interests.remove(at: index)), before)
    }

    private mutating func reconnect() -> String? {
        redis = SimulatedRedis()
        for subscription in table.everything() where !redis.apply(.begin(subscription)) { return "\(subscription) is asked for twice" }
        if let topic = redis.topics.first(where: redis.covers) { return "\(topic) is asked for below a beginning, on a new connection" }
        return fault()
    }

    private mutating func apply(_ changes: [InterestChange], _ before: Set<String>) -> String? {
        let kept = wanted().intersection(before)
        for change in changes {
            guard redis.apply(change) else { return "\(change) changes nothing" }
            if let topic = kept.first(where: { !redis.reaches($0) }) { return "\(topic) is lost by \(change) of \(changes)" }
        }
        return fault()
    }

    private mutating func wanted() -> Set<String> {
        interests.reduce(into: []) { all, pattern in
            let matching = matches[pattern] ?? Set(Self.topics.filter { pattern.matches($0.topic) }.map(\.text))
            matches[pattern] = matching
            all.formUnion(matching)
        }
    }

    /// What does not hold now.
    private mutating func fault() -> String? {
        let wanted = wanted()
        for (text, topic) in Self.topics where table.wants(topic) != wanted.contains(text) { return "wants(\(text)) is wrong" }
        if let topic = wanted.first(where: { !redis.reaches($0) }) { return "\(topic) is not reached" }
        if redis.prefixes.count > max(1, maxPatterns) { return "\(redis.prefixes.count) patterns at Redis" }
        let supports = interests.map { table.support(of: $0) }
        for (pattern, support) in zip(interests, supports) where !redis.has(support) { return "\(support) of \(pattern) is not asked for" }
        let needed = Set(supports)
        if let idle = redis.prefixes.first(where: { !needed.contains(.prefix(ByteBuffer(string: $0))) }) { return "'\(idle)' is idle" }
        let exact = Set(interests.filter { !$0.hasWildcards }.map(\.description))
        if let idle = redis.topics.subtracting(exact).first { return "\(idle) is idle" }
        var copy = table
        var anew = SimulatedRedis()
        for subscription in copy.everything() { _ = anew.apply(.begin(subscription)) }
        if let topic = wanted.first(where: { !anew.reaches($0) }) { return "\(topic) is not in everything()" }
        return nil
    }
}
