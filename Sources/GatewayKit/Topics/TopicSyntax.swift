/// What is wrong with a topic or a pattern.
public enum TopicError: String, Error, Sendable, CaseIterable {
    /// Nothing between two dots, or nothing at all.
    case emptySegment = "has an empty segment"
    /// A character outside `A-Z a-z 0-9 _ - : @`.
    case character = "has a character other than A-Z a-z 0-9 _ - : @"
    /// More than 255 bytes.
    case tooLong = "is longer than 255 bytes"
    /// More than 16 segments.
    case tooManySegments = "has more than 16 segments"
    /// A wildcard where only a concrete topic is allowed.
    case wildcard = "must not have wildcards"
    /// A `*` that is not a whole segment.
    case partialWildcard = "has a wildcard that is not a whole segment"
    /// A `**` that is not the last segment.
    case multiWildcardNotLast = "has ** before its last segment"
    /// A `$`.
    case reserved = "has a $, which is reserved"
}

/// The grammar of topics and patterns, over bytes.
enum TopicSyntax {
    static let maxBytes = 255
    static let maxSegments = 16

    /// Checks a topic, or a pattern where `wildcards` are allowed.
    static func check(_ bytes: UnsafeRawBufferPointer, wildcards: Bool) -> (error: TopicError?, hasWildcards: Bool) {
        guard bytes.count <= maxBytes else { return (.tooLong, false) }
        var segments = 1
        var length = 0
        var stars = 0
        var hasWildcards = false
        for byte in bytes {
            if stars > 0, byte != dot {
                guard byte == star, length == stars, stars < 2 else { return (.partialWildcard, hasWildcards) }
            }
            switch byte {
            case dot:
                if length == 0 { return (.emptySegment, hasWildcards) }
                if stars == 2 { return (.multiWildcardNotLast, hasWildcards) }
                segments += 1
                (length, stars) = (0, 0)
                continue
            case star:
                if !wildcards { return (.wildcard, true) }
                if length > stars { return (.partialWildcard, true) }
                stars += 1
                hasWildcards = true
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: ":"), UInt8(ascii: "@"):
                break
            case UInt8(ascii: "$"):
                return (.reserved, hasWildcards)
            default:
                return (.character, hasWildcards)
            }
            length += 1
        }
        if length == 0 { return (.emptySegment, hasWildcards) }
        return (segments > maxSegments ? .tooManySegments : nil, hasWildcards)
    }

    /// Whether a valid pattern matches a valid topic: one pass over both, segment by segment.
    static func matches(pattern: UnsafeRawBufferPointer, topic: UnsafeRawBufferPointer) -> Bool {
        var p = 0
        var t = 0
        while p < pattern.count {
            guard t < topic.count else { return false }
            if pattern[p] == star {
                let next = p + 1
                if next < pattern.count, pattern[next] == star { return true }
                p = next
                while t < topic.count, topic[t] != dot { t += 1 }
            } else {
                while p < pattern.count, pattern[p] != dot {
                    guard t < topic.count, topic[t] == pattern[p] else { return false }
                    p += 1
                    t += 1
                }
            }
            guard p < pattern.count else { return t == topic.count }
            guard t < topic.count, topic[t] == dot else { return false }
            p += 1
            t += 1
        }
        return t == topic.count
    }

    /// Whether a topic matches both valid patterns: one pass over both, segment by segment.
    static func overlap(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Bool {
        var l = 0
        var r = 0
        while l < left.count, r < right.count {
            if left[l] == star || right[r] == star {
                // `**` stands for all that is left of the other, which is one segment at least.
                if isRest(left, at: l) || isRest(right, at: r) { return true }
                while l < left.count, left[l] != dot { l += 1 }
                while r < right.count, right[r] != dot { r += 1 }
            } else {
                while l < left.count, left[l] != dot {
                    guard r < right.count, left[l] == right[r] else { return false }
                    l += 1
                    r += 1
                }
            }
            guard l < left.count, r < right.count else { break }
            guard right[r] == dot else { return false }
            l += 1
            r += 1
        }
        return l == left.count && r == right.count
    }

    private static func isRest(_ pattern: UnsafeRawBufferPointer, at position: Int) -> Bool {
        pattern[position] == star && position + 1 < pattern.count && pattern[position + 1] == star
    }

    static let dot = UInt8(ascii: ".")
    static let star = UInt8(ascii: "*")
}
