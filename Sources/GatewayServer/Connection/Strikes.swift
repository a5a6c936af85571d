import GatewayKit
import NIOCore

/// Frames that a client should not have sent, within a sliding window.
struct Strikes {
    private var times: [NIODeadline] = []
    private var reasons: Set<Reason> = []
    private var lastForRate: NIODeadline?

    /// A WebSocket message has been dealt with: the next one may strike for the same reasons again.
    mutating func endMessage() {
        if !reasons.isEmpty { reasons.removeAll(keepingCapacity: true) }
    }

    /// Counts a refusal; answers whether it is one too many.
    ///
    /// At most one for each reason of a message, one a second for rates.
    mutating func add(_ reason: Reason, now: NIODeadline, max: Int, window: TimeAmount) -> Bool {
        guard Self.counts(reason), reasons.insert(reason).inserted else { return false }
        if reason.code == 429 {
            if let lastForRate, now < lastForRate + .seconds(1) { return false }
            lastForRate = now
        }
        times.removeAll { now - $0 >= window }
        times.append(now)
        return times.count >= max
    }

    /// Malformed, forbidden or over a limit; not what is the gateway's own trouble.
    private static func counts(_ reason: Reason) -> Bool {
        [400, 403, 413, 429].contains(reason.code) || reason == .notAuthenticated
    }
}
