import GatewayKit
import NIOCore

/// The rules as they are for one client: which count, and what their variables stand for.
final class ResolvedRules: Sendable {
    let principal: Principal?
    let ruleSet: RuleSet
    /// For each rule whether it counts.
    let isActive: [Bool]
    /// The bytes of all variables' values.
    let values: [UInt8]
    /// For each variable where its value lies in ``values``; empty where it has none that is one valid segment.
    let valueRanges: [Range<Int>]

    init(_ ruleSet: RuleSet, _ principal: Principal?) {
        self.principal = principal
        self.ruleSet = ruleSet
        let claims = principal?.claims ?? [:]
        isActive = ruleSet.rules.map { $0.applies(to: claims) }
        var values: [UInt8] = []
        valueRanges = ruleSet.variables.map { variable in
            let start = values.count
            values += (variable.segment(for: principal) ?? "").utf8
            return start..<values.count
        }
        self.values = values
    }

    /// Decides on a concrete topic without allocating anything.
    func decide(_ action: RuleAction, _ topic: ByteBuffer) -> RuleDecision {
        topic.withUnsafeReadableBytes { bytes in
            withUnsafeTemporaryAllocation(of: Int.self, capacity: Self.maxSegments) { ends in
                guard let count = Self.split(bytes, into: ends) else { return RuleDecision(outcome: .refused) }
                let entries = ruleSet.entries(action)
                for index in entries.indices {
                    let entry = entries[index]
                    guard entry.fits(count), isActive[entry.rule], matches(entry, bytes, ends) else { continue }
                    return RuleDecision(outcome: entry.isAllow ? .granted : .refused, rule: entry.rule)
                }
                return RuleDecision(outcome: .refused)
            }
        }
    }

    private static let maxSegments = 16

    /// Finds where each segment ends; nil where there are too many.
    private static func split(_ bytes: UnsafeRawBufferPointer, into ends: UnsafeMutableBufferPointer<Int>) -> Int? {
        var count = 0
        for position in bytes.indices where bytes[position] == UInt8(ascii: ".") {
            // The last segment needs a place too.
            guard count < maxSegments - 1 else { return nil }
            ends.initializeElement(at: count, to: position)
            count += 1
        }
        ends.initializeElement(at: count, to: bytes.count)
        return count + 1
    }

    /// Whether an entry that fits the number of segments matches the topic.
    private func matches(_ entry: RuleSet.Entry, _ topic: UnsafeRawBufferPointer, _ ends: UnsafeMutableBufferPointer<Int>) -> Bool {
        var start = 0
        for (position, index) in entry.segments.enumerated() {
            let segment = start..<ends[position]
            switch ruleSet.segments[index] {
            case .any: break
            case .literal(let range):
                guard Self.isEqual(topic, segment, ruleSet.literals, range) else { return false }
            case .variable(let variable):
                let range = valueRanges[variable]
                // Without a usable value an allow never matches, and a deny takes any segment.
                if range.isEmpty {
                    if entry.isAllow { return false }
                } else if !Self.isEqual(topic, segment, values, range) {
                    return false
                }
            }
            start = segment.upperBound + 1
        }
        return true
    }

    private static func isEqual(
        _ topic: UnsafeRawBufferPointer, _ segment: Range<Int>, _ bytes: [UInt8], _ range: Range<Int>
    ) -> Bool {
        guard segment.count == range.count else { return false }
        var position = segment.lowerBound
        for index in range {
            guard topic[position] == bytes[index] else { return false }
            position += 1
        }
        return true
    }
}
