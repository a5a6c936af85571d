import GatewayKit
import NIOCore

extension Session {
    /// One whole WebSocket message: first for the modules that look at those, then as JSON.
    func handleMessage(_ opcode: MessageOpcode, _ payload: ByteBuffer) {
        guard !isExpired() else { return }
        if shard.generation.hasFrameStages {
            offer(FrameMessage(opcode: opcode, payload: payload), shard.generation, from: 0, isMeasured: shard.stageTimes.measuresMessage())
        } else {
            read(opcode, payload)
        }
    }

    private func offer(_ message: FrameMessage, _ generation: Generation, from start: Int, isMeasured: Bool) {
        let (verdict, index, measurement) = generation.decide(message, connection, from: start, shard, isMeasured: isMeasured)
        guard case .later(let future) = verdict else { return decided(verdict, message, generation, index, isMeasured: isMeasured) }
        let slot = generation.route[index]
        let message = FrameMessage(opcode: message.opcode, payload: message.payload.detached)
        beginWaiting()
        shard.first(of: future, by: slot.duty, measurement: measurement) { [self] result in
            resume {
                switch result {
                case .success(.later), .failure:
                    failed(slot.instance, result, ReplyTo(), isForgiven: slot.common.forgivesFailure)
                    if slot.common.forgivesFailure {
                        offer(message, generation, from: index + 1, isMeasured: isMeasured)
                    } else {
                        take(.endOfMessage)
                    }
                case .success(let verdict): decided(verdict, message, generation, index, isMeasured: isMeasured)
                }
            }
        }
    }

    private func decided(_ verdict: FrameVerdict, _ message: FrameMessage, _ generation: Generation, _ index: Int, isMeasured: Bool) {
        switch verdict {
        case .proceed where index < generation.route.count: offer(message, generation, from: index + 1, isMeasured: isMeasured)
        case .proceed: read(message.opcode, message.payload)
        case .handled, .later: break
        case .refuse(let rejection):
            let slot = generation.route[index]
            guard slot.isObserved else {
                refuse(rejection, ReplyTo(), by: slot.instance)
                take(.endOfMessage)
                return
            }
            core.refusals.note(slot.instance, rejection.reason, observed: true, connection)
            offer(message, generation, from: index + 1, isMeasured: isMeasured)
        }
    }

    /// The gateway's own protocol: JSON text.
    private func read(_ opcode: MessageOpcode, _ payload: ByteBuffer) {
        guard opcode == .text else {
            close(.unsupportedData, code: 1003)
            return
        }
        switch ClientMessageParser.parse(payload, maxBatch: shard.settings.limits.maxBatch) {
        case .frame(let result):
            handle(result, index: nil)
            take(.endOfMessage)
        case .batch(var items):
            var isDetached = false
            for index in items.indices {
                if isWaiting, !isDetached {
                    let copy = payload.detached
                    items = items.map { $0.moved(to: copy) }
                    isDetached = true
                }
                take(.item(items[index], index: index))
            }
            take(.endOfMessage)
        }
    }

    /// One frame, alone or in a batch.
    func handle(_ result: Result<ClientFrame, FrameDefect>, index: Int?) {
        guard case .no = closing else { return }
        switch result {
        case .failure(let defect):
            refuse(defect.rejection, ReplyTo(id: defect.id, index: index))
        case .success(let frame):
            let reply = ReplyTo(id: frame.id, index: index)
            do throws(Rejection) {
                try handle(frame, reply)
            } catch {
                refuse(error, reply)
            }
        }
    }

    private func handle(_ frame: ClientFrame, _ reply: ReplyTo) throws(Rejection) {
        guard !shard.settings.auth.required || connection.principal != nil || frame.type == .auth || frame.type == .ping else {
            throw Rejection(.notAuthenticated, "Authenticate first")
        }
        switch frame.type {
        case .message: try publish(frame, reply)
        case .ping:
            try takeFlood()
            self.reply(.pong(reply))
        case .subscribe:
            let patterns = try frame.patterns()
            try takeTopics(patterns.count)
            for pattern in patterns { take(.subscribe(pattern, reply)) }
        case .unsubscribe:
            let patterns = try frame.patterns()
            try takeFlood(patterns.count)
            for pattern in patterns { take(.unsubscribe(pattern, reply)) }
        case .auth:
            try takeFlood()
            try authenticate(frame, reply)
        case nil:
            throw Rejection(.unknownType, "Unknown message type", field: "type", issue: "unknown")
        }
    }

    /// Takes from the bucket of subscribes: twice `max_subscriptions` at once, so that a reconnect restores everything.
    private func takeTopics(_ count: Int) throws(Rejection) {
        guard let wait = topicBudget.take(count, at: shard.topicRate, now: shard.time.now) else { return }
        throw Rejection(.rateLimited, "Too many subscriptions in a short time", retryAfter: wait)
    }

    /// Takes from the bucket of what is refused only as a flood.
    private func takeFlood(_ count: Int = 1) throws(Rejection) {
        guard let wait = floodBudget.take(count, at: shard.floodRate, now: shard.time.now) else { return }
        throw Rejection(.flood, "Far too many frames", retryAfter: wait)
    }
}

extension Result<ClientFrame, FrameDefect> {
    /// The same of a copy of the payload.
    fileprivate func moved(to payload: ByteBuffer) -> Self {
        switch self {
        case .success(let frame): .success(frame.moved(to: payload))
        case .failure(let defect): .failure(FrameDefect(rejection: defect.rejection, id: defect.id?.detached))
        }
    }
}
