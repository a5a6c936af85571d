import GatewayKit
import Logging
import NIOCore

/// Receives what the subscribers of this process want, over one connection, and says what that is.
///
/// On its event loop only.
final class SubscriberLink {
    private enum Phase: Equatable {
        case down
        /// What was subscribed before is being asked for again, up to this number.
        case restoring(Int)
        case ready
    }

    /// How many channels one command names where much is asked for at once.
    private static let batch = 500
    /// How soon an event is offered again that the loops had no room for.
    private static let retry = TimeAmount.milliseconds(5)

    private let eventLoop: any EventLoop
    private let node: RedisNode
    private var interests: InterestTable
    private var confirmations = Confirmations()
    private var seen = SeenEvents()
    private var phase = Phase.down
    /// Rises with each connection that is lost.
    private var epoch = 0
    private var deadline: Scheduled<Void>?
    private lazy var link = RedisLink(node.endpoint, eventLoop, self)

    init(_ node: RedisNode, _ eventLoop: any EventLoop) {
        self.node = node
        self.eventLoop = eventLoop
        interests = InterestTable(segments: node.settings.wildcardPrefixSegments, maxPatterns: node.settings.maxPatterns)
    }

    /// Connects.
    func start() { link.start() }

    /// Closes.
    func stop() {
        deadline?.cancel()
        link.stop()
        phase = .down
        epoch += 1
        confirmations.fail()()
    }

    /// Closes the connection and makes another one.
    func restart(_ failure: RedisFailure) { link.fail(failure) }

    // MARK: Interest

    /// Counts a subscriber; `.proceed` once Redis brings what is published.
    func subscribe(_ pattern: TopicPattern) -> Verdict<Rejection> {
        ask(interests.add(pattern))
        // Not before here: asking for too much ends the connection.
        guard phase != .down else { return .refuse(Self.outage) }
        guard let future = confirmations.future(of: interests.support(of: pattern), on: eventLoop) else { return .proceed }
        return .later(future.map { $0 ? .proceed : .refuse(Self.outage) })
    }

    /// Counts one less.
    func unsubscribe(_ pattern: TopicPattern) {
        ask(interests.remove(pattern))
    }

    private static let outage = Rejection(.brokerUnavailable, "The broker is not reachable now")

    private func ask(_ changes: [InterestChange]) {
        guard phase != .down, !changes.isEmpty, let connection = link.connection else { return }
        let restoring = if case .restoring(let last) = phase { last } else { 0 }
        guard confirmations.count <= restoring + node.settings.maxUnconfirmed else {
            return link.fail(RedisFailure("Redis does not keep up with the subscriptions"))
        }
        connection.write { buffer in
            for change in changes {
                confirmations.ask(change)
                buffer.writeCommand(words: 2)
                let (subscription, command) =
                    switch change {
                    case .begin(let subscription): (subscription, subscription.isPrefix ? "PSUBSCRIBE" : "SUBSCRIBE")
                    case .end(let subscription): (subscription, subscription.isPrefix ? "PUNSUBSCRIBE" : "UNSUBSCRIBE")
                    }
                buffer.writeWord(command)
                node.names.write(subscription, into: &buffer)
            }
        }
    }

    // MARK: Restoring

    /// Asks for the gateways' own channels and for all that is wanted, many at a time.
    private func restore(_ connection: RedisConnection) {
        let all = interests.everything()
        connection.write { buffer in
            buffer.writeCommand("SUBSCRIBE", node.names.probes, node.names.revocations)
            // A user who may subscribe to topics and to no pattern is told so here, and not when the first client needs one.
            buffer.writeCommand("PSUBSCRIBE", "\(node.names.probes):*")
            buffer.writeCommand("PUNSUBSCRIBE", "\(node.names.probes):*")
            for _ in 0..<4 { confirmations.ask(nil) }
            for isPrefix in [false, true] {
                var rest = all.filter { $0.isPrefix == isPrefix }[...]
                while !rest.isEmpty {
                    let batch = rest.prefix(Self.batch)
                    rest = rest.dropFirst(Self.batch)
                    buffer.writeCommand(words: 1 + batch.count)
                    buffer.writeWord(isPrefix ? "PSUBSCRIBE" : "SUBSCRIBE")
                    for subscription in batch {
                        confirmations.ask(.begin(subscription))
                        node.names.write(subscription, into: &buffer)
                    }
                }
            }
        }
    }

    private func confirmed() {
        guard let tell = confirmations.confirm() else { return link.fail(RedisFailure("Redis confirms what nobody asked for")) }
        defer { tell() }
        guard case .restoring(let last) = phase, confirmations.hasConfirmed(last) else { return }
        phase = .ready
        deadline?.cancel()
        node.subscriptionsWork()
    }

    // MARK: Delivery

    private func deliver(_ event: Event) {
        guard interests.wants(event.topic) || event.otherTopics.contains(where: interests.wants) else { return }
        guard case .refuse = node.sink.deliver(event, on: eventLoop) else { return }
        // What is behind it waits at Redis, which drops this connection where that becomes too much: then there is a gap, and it is told.
        link.connection?.pause()
        offerAgain(event, epoch)
    }

    private func offerAgain(_ event: Event, _ epoch: Int) {
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        eventLoop.scheduleTask(in: Self.retry) { bound.value.redeliver(event, epoch) }
    }

    private func redeliver(_ event: Event, _ epoch: Int) {
        guard epoch == self.epoch else { return }
        if case .refuse = node.sink.deliver(event, on: eventLoop) { return offerAgain(event, epoch) }
        link.connection?.resume()
    }
}

extension SubscriberLink: RedisLinkUser {
    func opened() {
        guard let connection = link.connection else { return }
        restore(connection)
        phase = .restoring(confirmations.last)
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        deadline = eventLoop.scheduleTask(in: node.restoreTimeout) {
            bound.value.link.fail(RedisFailure("Redis has not confirmed the subscriptions in time"))
        }
    }

    func received(_ message: RESPMessage) {
        switch Envelope.read(message.payload) {
        case .event(let event, let stamp): if seen.isNew(stamp) { deliver(event) }
        case .probe(let stamp):
            link.succeeded()
            node.returned(stamp)
        case .revocation(let text): node.revocations.received(text)
        case nil: node.unreadable()
        }
    }

    func received(_ value: RESPValue) {
        switch value {
        case .push(let values), .array(let values):
            // A confirmation: its kind, the channel, and how many there are.
            guard case .bytes(let kind)? = values.first else { return link.fail(RedisFailure("Redis sends what nobody knows")) }
            switch String(buffer: kind) {
            case "subscribe", "psubscribe", "unsubscribe", "punsubscribe": confirmed()
            default: break
            }
        case .error(let text): link.fail(RedisFailure(refused: "SUBSCRIBE", text))
        default: break
        }
    }

    func willFlush() {}

    func failed(_ failure: RedisFailure) {
        deadline?.cancel()
        phase = .down
        epoch += 1
        node.subscriptionsFailed(failure)
        confirmations.fail()()
    }
}

@available(*, unavailable)
extension SubscriberLink: Sendable {}
