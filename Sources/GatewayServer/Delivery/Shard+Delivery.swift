import GatewayKit
import NIOCore

extension Shard {
    /// Delivers an event that was published on this loop: here at once, on the other loops with the end of the turn.
    func publish(_ event: Event) -> Verdict<Rejection> {
        if core.isAnyMailboxFull(but: index) {
            return .refuse(Rejection(.overloaded, "The gateway cannot take more messages now", retryAfter: .seconds(1)))
        }
        guard event.otherTopics.isEmpty else {
            publishToSeveral(event)
            return .proceed
        }
        let piece = encode(event, topic: event.topic)
        if core.mailboxes.count > 1 {
            EventRecord.begin(parts: 1, into: &outgoing)
            withBytes(of: piece) { EventRecord.write(topic: event.topic, frame: $0, into: &outgoing) }
        }
        deliver(event.topic, piece)
        flushIfLarge()
        return .proceed
    }

    /// Delivers what another loop published.
    func deliver(_ record: EventRecord) {
        if let single = record.single {
            deliver(single.topic, store(single.frame))
        } else {
            deliverToSeveral(record.parts.map { ($0.topic, store($0.frame)) })
        }
    }

    /// Queues a frame for every receiver of a topic.
    private func deliver(_ topic: Topic, _ piece: Outbox.Piece) {
        reevaluation?.settle(topic)
        let receivers = subscriptions.receivers(of: topic)
        guard !receivers.isEmpty else { return }
        let delivery = Delivery(topic: topic, size: piece.end - piece.start)
        var isMeasured = stageTimes.measuresDelivery()
        for outbox in receivers {
            deliver(delivery, piece, to: outbox, isMeasured: isMeasured)
            isMeasured = false
        }
    }

    private func deliver(_ delivery: Delivery, _ piece: Outbox.Piece, to outbox: Outbox, isMeasured: Bool) {
        guard let connection = outbox.connection, time.timestamp.milliseconds <= outbox.deliverableUntil else { return }
        let hasRoom = outbox.hasRoom(for: delivery.size, limit: maxQueue)
        let backlog = Backlog(bytes: outbox.backlogBytes, limit: maxQueue)
        for index in generation.deliverModules.indices {
            let call = beginCall(generation.deliverNames[index], isMeasured: isMeasured)
            let verdict = generation.deliverModules[index].deliver(delivery, to: connection, backlog: backlog)
            endCall(call)
            switch verdict {
            case .deliver: continue
            case .skip: return
            case .drop:
                counters.dropped &+= 1
                return
            case .disconnect:
                counters.closedSlow &+= 1
                outbox.session?.closeSlow()
                return
            }
        }
        guard hasRoom else {
            counters.closedSlow &+= 1
            outbox.session?.closeSlow()
            return
        }
        counters.delivered &+= 1
        outbox.append(start: piece.start, end: piece.end, large: piece.large)
    }

    // MARK: Several topics

    private func publishToSeveral(_ event: Event) {
        let parts = ([event.topic] + event.otherTopics).map { ($0, encode(event, topic: $0)) }
        if core.mailboxes.count > 1 {
            EventRecord.begin(parts: parts.count, into: &outgoing)
            for (topic, piece) in parts {
                withBytes(of: piece) { EventRecord.write(topic: topic, frame: $0, into: &outgoing) }
            }
        }
        deliverToSeveral(parts)
        flushIfLarge()
    }

    /// One frame for each topic that a connection subscribed to exactly; then, in order, one for a topic that matches one of its
    /// wildcard patterns that has matched none of the topics sent so far.
    private func deliverToSeveral(_ parts: [(topic: Topic, piece: Outbox.Piece)]) {
        if let reevaluation { for (topic, _) in parts { reevaluation.settle(topic) } }
        var sent: [ObjectIdentifier: [Topic]] = [:]
        var isMeasured = stageTimes.measuresDelivery()
        for (topic, piece) in parts {
            for outbox in subscriptions.exactReceivers(of: topic) {
                sent[ObjectIdentifier(outbox), default: []].append(topic)
                deliver(Delivery(topic: topic, size: piece.end - piece.start), piece, to: outbox, isMeasured: isMeasured)
                isMeasured = false
            }
        }
        for (topic, piece) in parts {
            var receivers: [Outbox] = []
            subscriptions.forEachWildcard(topic) { subscription in
                let already = sent[ObjectIdentifier(subscription.outbox), default: []]
                if !already.contains(where: { $0 == topic || subscription.pattern.matches($0) && subscription.admits($0) }) {
                    sent[ObjectIdentifier(subscription.outbox), default: []].append(topic)
                    receivers.append(subscription.outbox)
                }
            }
            for outbox in receivers {
                deliver(Delivery(topic: topic, size: piece.end - piece.start), piece, to: outbox, isMeasured: isMeasured)
                isMeasured = false
            }
        }
    }

    // MARK: Bytes

    /// Encodes an event once for all its receivers: into the arena, or, where it is large, into a buffer of its own.
    private func encode(_ event: Event, topic: Topic) -> Outbox.Piece {
        let encoder = BroadcastEncoder(topic: topic, message: event.message, sender: event.sender)
        let length = encoder.frameLength
        return withTimestamp { timestamp in
            guard length >= Self.largeFrame else {
                let start = arena.count
                encoder.write(to: arena.extend(by: length), timestamp: timestamp)
                return Outbox.Piece(start: start, end: start + length, large: -1)
            }
            var frame = ByteBuffer()
            frame.reserveCapacity(length)
            frame.writeWithUnsafeMutableBytes(minimumWritableBytes: length) { bytes in
                guard let start = bytes.baseAddress else { return 0 }
                encoder.write(to: start, timestamp: timestamp)
                return length
            }
            return Outbox.Piece(start: 0, end: length, large: addLarge(frame))
        }
    }

    /// Takes a frame that another loop encoded into this turn's bytes.
    private func store(_ frame: ByteBuffer) -> Outbox.Piece {
        let length = frame.readableBytes
        guard length >= Self.largeFrame else {
            let start = arena.count
            frame.withUnsafeReadableBytes { arena.append($0) }
            return Outbox.Piece(start: start, end: start + length, large: -1)
        }
        return Outbox.Piece(start: 0, end: length, large: addLarge(ByteBuffer(bytes: frame.readableBytesView)))
    }
}
