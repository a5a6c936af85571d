import NIOCore

@testable import RedisModule

/// What Redis has been asked for: channels, and beginnings of channels.
struct SimulatedRedis {
    private(set) var topics: Set<String> = []
    private(set) var prefixes: Set<String> = []

    /// Takes one change; answers false where it changes nothing, which nobody should ask for.
    mutating func apply(_ change: InterestChange) -> Bool {
        switch change {
        case .begin(.topic(let topic)): topics.insert(String(buffer: topic)).inserted
        case .begin(.prefix(let prefix)): prefixes.insert(String(buffer: prefix)).inserted
        case .end(.topic(let topic)): topics.remove(String(buffer: topic)) != nil
        case .end(.prefix(let prefix)): prefixes.remove(String(buffer: prefix)) != nil
        }
    }

    /// Whether a message of the topic comes.
    func reaches(_ topic: String) -> Bool { topics.contains(topic) || covers(topic) }

    /// Whether a beginning brings the topic.
    func covers(_ topic: String) -> Bool { prefixes.contains { $0.isEmpty || topic.hasPrefix("\($0).") } }

    /// Whether it has been asked for this.
    func has(_ subscription: RedisSubscription) -> Bool {
        switch subscription {
        case .topic(let topic): topics.contains(String(buffer: topic))
        case .prefix(let prefix): prefixes.contains(String(buffer: prefix))
        }
    }
}
