import GatewayKit
import NIOCore

/// What the subscribers of this process want, counted, and what has to be asked of Redis for that.
///
/// Redis compares each message with every pattern that anybody asked for (measured on 7.0: 28 ns a pattern), so it is asked for few: those
/// of all clients that begin alike are one, and where there are too many beginnings, they are made shorter. What that brings too much,
/// ``wants(_:)`` turns away. A topic that lies below a beginning is not asked for by itself.
struct InterestTable {
    private struct Count: PatternEntry {
        var value = 0
        var isEmpty: Bool { value == 0 }
    }

    private struct Exact {
        var count = 0
        /// The beginning that brings the topic; nil where it is asked for by itself.
        var leansOn: ByteBuffer?
    }

    private let maxPatterns: Int
    private let segments: Int
    private var topics: [ByteBuffer: Exact] = [:]
    /// The topics that lean on a beginning.
    private var leaning: [ByteBuffer: Set<ByteBuffer>] = [:]
    private let patterns = PatternTree<Count>()
    /// How many patterns begin so, for beginnings of up to 0, 1, 2 … segments; those of ``level`` are what Redis is asked for.
    private var beginnings: [[ByteBuffer: Int]]
    private var level: Int

    /// Makes a table.
    ///
    /// - Parameters:
    ///   - segments: How long a beginning may be.
    ///   - maxPatterns: How many Redis is asked for.
    init(segments: Int, maxPatterns: Int) {
        self.segments = segments
        self.maxPatterns = maxPatterns
        beginnings = Array(repeating: [:], count: segments + 1)
        level = segments
    }

    // MARK: What is wanted

    /// Counts one more who wants the pattern's messages.
    mutating func add(_ pattern: TopicPattern) -> [InterestChange] {
        guard pattern.hasWildcards else { return add(topic: pattern.bytes) }
        patterns.update(pattern) { $0.value += 1 }
        var changes: [InterestChange] = []
        for length in beginnings.indices {
            let beginning = pattern.bytes.literalPrefix(length)
            let count = beginnings[length][beginning, default: 0]
            beginnings[length][beginning] = count + 1
            if count == 0, length == level { changes.append(.begin(.prefix(beginning))) }
        }
        return changes + changeLevel()
    }

    /// Counts one less.
    mutating func remove(_ pattern: TopicPattern) -> [InterestChange] {
        guard pattern.hasWildcards else { return remove(topic: pattern.bytes) }
        let isKnown = patterns.update(pattern) { count in
            guard count.value > 0 else { return false }
            count.value -= 1
            return true
        }
        guard isKnown else { return [] }
        var changes: [InterestChange] = []
        for length in beginnings.indices {
            let beginning = pattern.bytes.literalPrefix(length)
            let count = beginnings[length][beginning, default: 1]
            beginnings[length][beginning] = count > 1 ? count - 1 : nil
            if count == 1, length == level { changes += end(beginning) }
        }
        return changes + changeLevel()
    }

    /// Whether anybody wants messages of the topic.
    func wants(_ topic: Topic) -> Bool {
        if topics[topic.bytes] != nil { return true }
        var isWanted = false
        patterns.forEachMatch(topic) { _ in isWanted = true }
        return isWanted
    }

    // MARK: What Redis is asked for

    /// What brings the pattern's messages.
    func support(of pattern: TopicPattern) -> RedisSubscription {
        if pattern.hasWildcards { return .prefix(pattern.bytes.literalPrefix(level)) }
        return topics[pattern.bytes]?.leansOn.map(RedisSubscription.prefix) ?? .topic(pattern.bytes)
    }

    /// All that Redis has to be asked for where it has been asked for nothing.
    mutating func everything() -> [RedisSubscription] {
        leaning.removeAll()
        var all = beginnings[level].keys.map(RedisSubscription.prefix)
        for topic in topics.keys where !lean(topic) { all.append(.topic(topic)) }
        return all
    }

    private mutating func add(topic: ByteBuffer) -> [InterestChange] {
        let count = topics[topic]?.count ?? 0
        topics[topic, default: Exact()].count = count + 1
        return count > 0 || lean(topic) ? [] : [.begin(.topic(topic))]
    }

    private mutating func remove(topic: ByteBuffer) -> [InterestChange] {
        guard let known = topics[topic] else { return [] }
        guard known.count <= 1 else {
            topics[topic]?.count = known.count - 1
            return []
        }
        topics[topic] = nil
        guard let beginning = known.leansOn else { return [.end(.topic(topic))] }
        leaning[beginning]?.remove(topic)
        if leaning[beginning]?.isEmpty == true { leaning[beginning] = nil }
        return []
    }

    /// Lets a topic lean on a beginning that brings it; answers whether there is one.
    private mutating func lean(_ topic: ByteBuffer) -> Bool {
        let support = topic.properPrefixes(level).first { beginnings[level][$0] != nil }
        topics[topic]?.leansOn = support
        if let support { leaning[support, default: []].insert(topic) }
        return support != nil
    }

    /// What leans on a beginning gets other support before that goes.
    private mutating func end(_ beginning: ByteBuffer) -> [InterestChange] {
        let alone = leaning.removeValue(forKey: beginning)?.filter { !lean($0) } ?? []
        return alone.map { .begin(.topic($0)) } + [.end(.prefix(beginning))]
    }

    /// Makes beginnings shorter where there are too many, and longer again where there are far fewer.
    private mutating func changeLevel() -> [InterestChange] {
        let fitting = beginnings.indices.last { length in
            length == 0 || beginnings[length].count <= (length > level ? maxPatterns / 2 : maxPatterns)
        }
        guard let next = fitting, next != level else { return [] }
        let old = Set(beginnings[level].keys)
        level = next
        let new = beginnings[next].keys.filter { !old.contains($0) }
        let over = old.filter { beginnings[next][$0] == nil }
        return new.map { .begin(.prefix($0)) } + over.flatMap { end($0) }
    }
}
