import GatewayKit

/// How many connections are subscribed to each pattern.
struct TopicCounts: Sendable {
    /// Patterns that a loop counts; there can be as many as subscriptions.
    private static let maxPatterns = 65536

    private(set) var subscribers: [TopicPattern: Int] = [:]
    /// Whether no pattern was left out.
    private(set) var isComplete = true

    mutating func add(_ session: Session) {
        for pattern in session.subscriptions.keys {
            guard subscribers[pattern] != nil || subscribers.count < Self.maxPatterns else {
                isComplete = false
                continue
            }
            subscribers[pattern, default: 0] += 1
        }
    }

    mutating func add(_ other: TopicCounts) {
        subscribers.merge(other.subscribers) { $0 + $1 }
        isComplete = isComplete && other.isComplete
    }
}

/// The patterns that most are subscribed to.
package struct TopicList: Sendable {
    package struct Entry: Sendable, Equatable {
        /// A topic, or a pattern with wildcards.
        package let pattern: String
        package let subscribers: Int
    }

    /// Those with the most subscribers first.
    package let topics: [Entry]
    /// How many patterns there are.
    package let total: Int
    /// Whether all patterns were counted.
    package let isComplete: Bool
}
