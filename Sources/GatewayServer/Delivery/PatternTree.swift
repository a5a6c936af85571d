import GatewayKit
import NIOCore

/// The wildcard patterns of one loop, segment by segment.
final class PatternTree {
    private final class Node {
        var literals: [ByteBuffer: Node] = [:]
        var any: Node?
        /// Patterns that end here.
        var ending = SubscriptionList()
        /// Patterns that end here with `**`.
        var rest = SubscriptionList()

        var isEmpty: Bool { literals.isEmpty && any == nil && ending.isEmpty && rest.isEmpty }
    }

    private let root = Node()
    private(set) var count = 0

    /// Adds a subscription; answers whether it is the first of its pattern.
    func add(_ subscription: Subscription) -> Bool {
        count += 1
        var node = root
        for segment in subscription.pattern.segments {
            switch segment.readableBytesView.first {
            case UInt8(ascii: "*") where segment.readableBytes == 2:
                node.rest.append(subscription)
                return node.rest.subscriptions.count == 1
            case UInt8(ascii: "*"):
                let next = node.any ?? Node()
                node.any = next
                node = next
            default:
                let next = node.literals[segment] ?? Node()
                node.literals[segment] = next
                node = next
            }
        }
        node.ending.append(subscription)
        return node.ending.subscriptions.count == 1
    }

    /// Removes a subscription; answers whether it was the last of its pattern.
    func remove(_ subscription: Subscription) -> Bool {
        count -= 1
        return remove(subscription, subscription.pattern.segments[...], from: root)
    }

    private func remove(_ subscription: Subscription, _ segments: ArraySlice<ByteBuffer>, from node: Node) -> Bool {
        guard let segment = segments.first else {
            node.ending.remove(subscription)
            return node.ending.isEmpty
        }
        let isWildcard = segment.readableBytesView.first == UInt8(ascii: "*")
        if isWildcard, segment.readableBytes == 2 {
            node.rest.remove(subscription)
            return node.rest.isEmpty
        }
        guard let next = isWildcard ? node.any : node.literals[segment] else { return false }
        let wasLast = remove(subscription, segments.dropFirst(), from: next)
        if next.isEmpty {
            if isWildcard { node.any = nil } else { node.literals[segment] = nil }
        }
        return wasLast
    }

    /// Calls `body` with every subscription whose pattern matches the topic.
    func forEachMatch(_ topic: Topic, _ body: (Subscription) -> Void) {
        guard count > 0 else { return }
        visit(root, topic.segments[...], body)
    }

    private func visit(_ node: Node, _ segments: ArraySlice<ByteBuffer>, _ body: (Subscription) -> Void) {
        guard let segment = segments.first else {
            node.ending.subscriptions.forEach(body)
            return
        }
        node.rest.subscriptions.forEach(body)
        let rest = segments.dropFirst()
        if let next = node.any { visit(next, rest, body) }
        if let next = node.literals[segment] { visit(next, rest, body) }
    }
}

@available(*, unavailable)
extension PatternTree: Sendable {}
