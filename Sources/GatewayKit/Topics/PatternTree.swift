private import NIOCore

/// What a ``PatternTree`` keeps for each of its patterns.
public protocol PatternEntry {
    /// An entry that holds nothing.
    init()

    /// Whether the entry holds nothing, so that its pattern leaves the tree.
    var isEmpty: Bool { get }
}

/// Patterns with something for each, found by the topics that they match: segment by segment, so its size does not slow a look-up.
///
/// Belongs to one event loop, or to whoever guards it.
public final class PatternTree<Entry: PatternEntry> {
    private final class Node {
        var literals: [ByteBuffer: Node] = [:]
        var any: Node?
        /// What is kept for the pattern that ends here.
        var ending = Entry()
        /// What is kept for the pattern that ends here with `**`.
        var rest = Entry()

        var isEmpty: Bool { literals.isEmpty && any == nil && ending.isEmpty && rest.isEmpty }
    }

    private let root = Node()

    /// Makes a tree without a pattern.
    public init() {}

    /// Whether there is no pattern.
    public private(set) var isEmpty = true

    /// Changes what is kept for a pattern.
    ///
    /// - Parameters:
    ///   - pattern: The pattern, with or without wildcards.
    ///   - change: Gets the entry, empty where the pattern is new.
    /// - Returns: What `change` does.
    public func update<Result>(_ pattern: TopicPattern, _ change: (inout Entry) -> Result) -> Result {
        defer { isEmpty = root.isEmpty }
        return update(pattern.segments[...], at: root, change)
    }

    private func update<Result>(_ segments: ArraySlice<ByteBuffer>, at node: Node, _ change: (inout Entry) -> Result) -> Result {
        guard let segment = segments.first else { return change(&node.ending) }
        let isWildcard = segment.readableBytesView.first == UInt8(ascii: "*")
        if isWildcard, segment.readableBytes == 2 { return change(&node.rest) }
        let next = (isWildcard ? node.any : node.literals[segment]) ?? Node()
        if isWildcard { node.any = next } else { node.literals[segment] = next }
        defer {
            if next.isEmpty {
                if isWildcard { node.any = nil } else { node.literals[segment] = nil }
            }
        }
        return update(segments.dropFirst(), at: next, change)
    }

    /// Calls `body` with what is kept for each pattern that matches the topic.
    public func forEachMatch(_ topic: Topic, _ body: (Entry) -> Void) {
        guard !isEmpty else { return }
        visit(root, topic.segments[...], body)
    }

    private func visit(_ node: Node, _ segments: ArraySlice<ByteBuffer>, _ body: (Entry) -> Void) {
        guard let segment = segments.first else {
            if !node.ending.isEmpty { body(node.ending) }
            return
        }
        if !node.rest.isEmpty { body(node.rest) }
        let rest = segments.dropFirst()
        if let next = node.any { visit(next, rest, body) }
        if let next = node.literals[segment] { visit(next, rest, body) }
    }
}

@available(*, unavailable)
extension PatternTree: Sendable {}
