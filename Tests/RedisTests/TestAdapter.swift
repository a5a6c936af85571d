import Foundation
import GatewayKit
import GatewayTestKit
import Logging
import NIOCore
import NIOPosix
import RedisModule

/// An adapter as a gateway has it, with two event loops and the machine's clocks.
///
/// It is stopped with the last reference to it.
final class TestAdapter: Sendable {
    let sink: RecordingSink
    let log = RecordedLog()
    private let redis: Redis
    private let group = MultiThreadedEventLoopGroup(numberOfThreads: 2)
    let eventLoops: [any EventLoop]

    /// Starts an adapter; it connects by itself.
    ///
    /// - Parameters:
    ///   - url: Where Redis is.
    ///   - settings: Further settings, as `prefix: a, probe_timeout: 30s`.
    ///   - sink: Where events go.
    /// - Throws: What is wrong with the settings.
    init(_ url: String, _ settings: String = "", sink: RecordingSink = RecordingSink()) async throws {
        self.sink = sink
        eventLoops = Array(group.makeIterator())
        let further = settings.isEmpty ? "" : ", \(settings)"
        let context = ModuleContext(
            instance: "redis", logger: log.logger(), eventLoopGroup: group, clock: Self.clock, shared: SharedState(),
            capabilities: Capabilities())
        redis = try Redis(
            settings: SettingsTester.settings(RedisSettings.self, "{url: \"\(url)\", probe_interval: 50ms\(further)}"), context: context)
        redis.attach(sink)
        try await redis.start()
    }

    deinit {
        Task { [redis, group] in
            await redis.stop()
            try? await group.shutdownGracefully()
        }
    }

    private static let clock = GatewayClock(monotonic: { .now() }) {
        Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))
    }

    /// Why it is down; nil where it is up.
    var fault: String? { if case .down(let reason) = redis.health { reason } else { nil } }

    /// Waits until it is up.
    func up() async throws -> Self {
        do {
            try await eventually("the adapter is up") { fault == nil }
        } catch {
            throw Unmet(what: "the adapter is up; it says: \(fault ?? ""); its log:\n\(log.text)")
        }
        return self
    }

    /// Waits until its health says this.
    func says(_ words: String) async throws {
        do {
            try await eventually("health says '\(words)'") { fault?.contains(words) == true }
        } catch {
            throw Unmet(what: "health says '\(words)'; it says: \(fault ?? "up"); its log:\n\(log.text)")
        }
    }

    /// What becomes of an event, on one of the two event loops: nil where it was taken.
    func publish(_ topics: String..., data: String = "1", on index: Int = 0) async throws -> Rejection? {
        let event = try Self.event(topics, data)
        let eventLoop = eventLoops[index]
        return try await eventLoop.flatSubmit { [redis] in redis.publish(event, on: eventLoop).future(on: eventLoop) }.get().refusal
    }

    /// What becomes of a subscription: nil where it is in force.
    func subscribe(_ pattern: String, on index: Int = 0) async throws -> Rejection? {
        let pattern = try TopicPattern(pattern)
        let eventLoop = eventLoops[index]
        return try await eventLoop.flatSubmit { [redis] in redis.subscribe(pattern, on: eventLoop).future(on: eventLoop) }.get().refusal
    }

    /// Asks for many topics in one turn of a loop; tells how many are said to be in force within it.
    func subscribe(many count: Int) async throws -> Int {
        let patterns = try (0..<count).map { try TopicPattern("many.\($0)") }
        let eventLoop = eventLoops[0]
        return try await eventLoop.submit { [redis] in
            patterns.count { if case .proceed = redis.subscribe($0, on: eventLoop) { true } else { false } }
        }.get()
    }

    /// Ends a subscription.
    func unsubscribe(_ pattern: String, on index: Int = 0) async throws {
        let pattern = try TopicPattern(pattern)
        let eventLoop = eventLoops[index]
        try await eventLoop.submit { [redis] in redis.unsubscribe(pattern, on: eventLoop) }.get()
    }

    /// Tells the other gateways of a revocation.
    func share(_ revocation: Revocation) async throws { try await redis.share(revocation) }

    private static func event(_ topics: [String], _ data: String) throws -> Event {
        let topics = try topics.map { try Topic($0) }
        guard let first = topics.first else { throw Unmet(what: "a topic") }
        let message = Message(data: ByteBuffer(string: data), metadata: ByteBuffer(), eventType: ByteBuffer(string: "message.sent"))
        return Event(
            topic: first, otherTopics: Array(topics.dropFirst()), message: message, sender: Sender(userID: "alice", connection: nil))
    }
}

extension Verdict {
    /// The verdict as what will be.
    fileprivate func future(on eventLoop: any EventLoop) -> EventLoopFuture<Verdict<Refusal>> {
        if case .later(let future) = self { future } else { eventLoop.makeSucceededFuture(self) }
    }
}
