public import NIOCore

/// A concrete topic: one to sixteen segments joined by dots, no wildcard.
///
/// Holds bytes of the buffer it was read from, so that a publish allocates nothing for it.
public struct Topic: Sendable {
    /// The text, which is ASCII.
    public let bytes: ByteBuffer

    package init(unchecked bytes: ByteBuffer) { self.bytes = bytes }

    /// Reads a topic.
    ///
    /// - Throws: ``TopicError`` that says what is wrong.
    public init(_ text: String) throws(TopicError) { try self.init(ByteBuffer(string: text)) }

    /// Reads a topic from bytes.
    ///
    /// - Throws: ``TopicError`` that says what is wrong.
    public init(_ bytes: ByteBuffer) throws(TopicError) {
        if let error = bytes.withUnsafeReadableBytes({ TopicSyntax.check($0, wildcards: false).error }) { throw error }
        self.bytes = bytes
    }

    /// Reads a topic that another gateway published: one that clients can name, or, with a `$` in front, one of the gateways' own.
    ///
    /// Nil for all else. For adapters.
    public init?(carried bytes: ByteBuffer) {
        let isReserved = bytes.getInteger(at: bytes.readerIndex) == UInt8(ascii: "$")
        guard let checked = isReserved ? bytes.getSlice(at: bytes.readerIndex + 1, length: bytes.readableBytes - 1) : bytes,
            checked.withUnsafeReadableBytes({ TopicSyntax.check($0, wildcards: false).error }) == nil
        else { return nil }
        self.bytes = bytes
    }

    /// The segments, as slices of ``bytes``.
    public var segments: [ByteBuffer] { bytes.segments }
}

extension Topic: Hashable, CustomStringConvertible {
    /// The topic as text.
    public var description: String { String(buffer: bytes) }
}

/// What a subscription names: a topic, or a pattern with `*` for one whole segment and a last `**` for one or more.
public struct TopicPattern: Sendable {
    /// The text, which is ASCII.
    public let bytes: ByteBuffer
    /// Whether the pattern has a `*` or a `**`.
    public let hasWildcards: Bool

    /// Reads a pattern.
    ///
    /// - Throws: ``TopicError`` that says what is wrong.
    public init(_ text: String) throws(TopicError) { try self.init(ByteBuffer(string: text)) }

    /// Reads a pattern from bytes.
    ///
    /// - Throws: ``TopicError`` that says what is wrong.
    public init(_ bytes: ByteBuffer) throws(TopicError) {
        let found = bytes.withUnsafeReadableBytes { TopicSyntax.check($0, wildcards: true) }
        if let error = found.error { throw error }
        self.bytes = bytes
        hasWildcards = found.hasWildcards
    }

    /// The pattern that matches one topic.
    public init(_ topic: Topic) {
        bytes = topic.bytes
        hasWildcards = false
    }

    private init(bytes: ByteBuffer, hasWildcards: Bool) {
        self.bytes = bytes
        self.hasWildcards = hasWildcards
    }

    /// The same with bytes of its own, which keep no buffer that they were read from.
    package var detached: TopicPattern { TopicPattern(bytes: ByteBuffer(bytes: bytes.readableBytesView), hasWildcards: hasWildcards) }

    /// The topic, where the pattern has no wildcards.
    public var topic: Topic? { hasWildcards ? nil : Topic(unchecked: bytes) }

    /// The segments, as slices of ``bytes``; wildcards as `*` and `**`.
    public var segments: [ByteBuffer] { bytes.segments }

    /// Whether the pattern matches the topic.
    ///
    /// Allocates nothing.
    public func matches(_ topic: Topic) -> Bool {
        guard hasWildcards else { return bytes == topic.bytes }
        return bytes.withUnsafeReadableBytes { pattern in
            topic.bytes.withUnsafeReadableBytes { TopicSyntax.matches(pattern: pattern, topic: $0) }
        }
    }

    /// Whether some topic matches both patterns: who subscribes to the one may get messages that the other is about.
    ///
    /// Allocates nothing. Says of patterns without wildcards whether they are the same.
    public func overlaps(_ other: TopicPattern) -> Bool {
        bytes.withUnsafeReadableBytes { left in
            other.bytes.withUnsafeReadableBytes { TopicSyntax.overlap(left, $0) }
        }
    }
}

extension TopicPattern: Hashable, CustomStringConvertible {
    /// The pattern as text.
    public var description: String { String(buffer: bytes) }
}

extension ByteBuffer {
    /// The parts between the dots.
    fileprivate var segments: [ByteBuffer] {
        var rest = self
        var found: [ByteBuffer] = []
        while let dot = rest.readableBytesView.firstIndex(of: UInt8(ascii: ".")) {
            guard let segment = rest.readSlice(length: dot - rest.readerIndex) else { break }
            found.append(segment)
            rest.moveReaderIndex(forwardBy: 1)
        }
        found.append(rest)
        return found
    }
}
