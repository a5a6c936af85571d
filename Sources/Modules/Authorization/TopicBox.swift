import GatewayKit
import NIOCore

/// The topics of one length that a pattern matches: each segment fixed, or free (nil).
struct TopicBox: Equatable {
    var segments: [[UInt8]?]

    /// The topics in both; nil where there are none.
    func intersection(_ other: TopicBox) -> TopicBox? {
        guard segments.count == other.segments.count else { return nil }
        var both = segments
        for (index, segment) in other.segments.enumerated() {
            guard let segment else { continue }
            if let own = both[index], own != segment { return nil }
            both[index] = segment
        }
        return TopicBox(segments: both)
    }

    /// Whether every topic of the other box is in this one.
    func contains(_ other: TopicBox) -> Bool {
        segments.count == other.segments.count
            && zip(segments, other.segments).allSatisfy { own, theirs in own == nil || own == theirs }
    }
}

/// A pattern without variables, from which the box of each length is cut.
struct ResolvedPattern {
    /// The segments without a last `**`; nil is `*`.
    let segments: [[UInt8]?]
    let hasRest: Bool

    init(segments: [[UInt8]?], hasRest: Bool) {
        self.segments = segments
        self.hasRest = hasRest
    }

    init(_ pattern: TopicPattern) {
        var segments = pattern.segments.map { Array($0.readableBytesView) }
        hasRest = segments.last == Array("**".utf8)
        if hasRest { segments.removeLast() }
        self.segments = segments.map { $0 == Array("*".utf8) ? nil : $0 }
    }

    /// The topics of so many segments that match; nil where there are none.
    func box(ofLength length: Int) -> TopicBox? {
        guard hasRest ? length > segments.count : length == segments.count else { return nil }
        return TopicBox(segments: segments + Array(repeating: nil, count: length - segments.count))
    }
}
