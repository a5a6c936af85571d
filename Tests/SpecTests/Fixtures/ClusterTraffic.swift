import GatewayTestKit
import Synchronization

/// What publishers were answered while a broker came and went.
final class ClusterTraffic: Sendable {
    /// A message that was acknowledged.
    struct Acknowledged: Sendable {
        let user: String
        let number: Int
        /// The time of the ack before it, after which it was sent.
        let sentAfter: String
        let time: String
    }

    private struct State {
        var acknowledged: [Acknowledged] = []
        var refused: [String: Int] = [:]
        var isOver = false
    }
    private let state = Mutex(State())

    var acknowledged: [Acknowledged] { state.withLock { $0.acknowledged } }

    func count(of user: String) -> Int { state.withLock { $0.acknowledged.count { $0.user == user } } }
    func refusals(of user: String) -> Int { state.withLock { $0.refused[user] ?? 0 } }
    func end() { state.withLock { $0.isOver = true } }

    /// Publishes one message after the other until the end; every one is acknowledged, or refused for the broker.
    func publish(_ user: String, _ client: TestClient, _ topic: String) async throws {
        var (number, last) = (0, "")
        while !state.withLock({ $0.isOver }) {
            client.send(["type": "message", "topic": .string(topic), "data": [.string(user), .number(Double(number))], "ack": true])
            let frame = try await client.frame()
            if frame["type"] == "ack", let time = frame["timestamp"]?.string {
                let acknowledged = Acknowledged(user: user, number: number, sentAfter: last, time: time)
                state.withLock { $0.acknowledged.append(acknowledged) }
                last = time
            } else if frame["code"] == 503, frame["details"]?["reason"] == "broker_unavailable" {
                state.withLock { $0.refused[user, default: 0] += 1 }
            } else {
                throw TestClientError.unexpected(.text(frame.text), wanted: "an ack or 503 broker_unavailable")
            }
            number += 1
        }
    }

    /// What a subscriber has seen.
    struct Seen: Sendable {
        var messages: [String: [Int]] = [:]
        var gaps: [JSON] = []

        /// Reads until a message says `end`.
        init(_ client: TestClient) async throws {
            while true {
                let frame = try await client.frame()
                if frame["type"] == "message", let user = frame["data"]?[0]?.string, let number = frame["data"]?[1]?.integer {
                    messages[user, default: []].append(number)
                } else if frame["type"] == "error", frame["details"]?["reason"] == "gap" {
                    gaps.append(frame)
                } else if frame["data"] == "end" {
                    return
                } else {
                    throw TestClientError.unexpected(.text(frame.text), wanted: "messages and gaps")
                }
            }
        }

        /// Whether a gap tells of a message that is missing: acknowledged after the time that the gap begins at, and sent before it was told.
        func explains(_ lost: Acknowledged) -> Bool {
            gaps.contains { gap in
                guard let since = gap["details"]?["since"]?.string, let told = gap["timestamp"]?.string else { return false }
                return lost.time >= since && lost.sentAfter <= told
            }
        }
    }
}
