import GatewayKit

extension Shard {
    /// What waits for the client that takes least of what is meant for it.
    var largestBacklog: Int { sessions.values.lazy.map(\.outbox.backlogBytes).max() ?? 0 }
    /// What has come of the largest unfinished message.
    var largestInbound: Int { max(sessions.values.lazy.map(\.decoder.heldBytes).max() ?? 0, largestBody?.counted ?? 0) }
    private var largestBody: HTTPExchange? { bodies.values.max { $0.counted < $1.counted } }

    /// The process holds too much for its clients: the one that takes least of what is meant for it goes, and what is queued with it.
    func closeSlowest() {
        let slowest = sessions.values.max { $0.outbox.backlogBytes < $1.outbox.backlogBytes }
        if let slowest, slowest.outbox.backlogBytes > 0 { slowest.closeSlow(dropsQueue: true) }
    }

    /// The process holds too much for its clients: who is on the way out already, and does not take what is due, gets no more time.
    func abortSlowestLeaving() {
        let slowest = leaving.values.max { $0.outbox.backlogBytes < $1.outbox.backlogBytes }
        if let slowest, slowest.outbox.backlogBytes > 0 { slowest.abort() }
    }

    /// The process holds too many unfinished messages: the largest goes.
    func closeLargestInbound() {
        let largest = sessions.values.max { $0.decoder.heldBytes < $1.decoder.heldBytes }
        if let body = largestBody, body.counted > largest?.decoder.heldBytes ?? 0 { return body.refuseOverloaded() }
        guard let largest, largest.decoder.heldBytes > 0 else { return }
        largest.close(Rejection(.overloaded, "The gateway holds too many unfinished messages", retryAfter: .seconds(1)), code: 1008)
    }
}
