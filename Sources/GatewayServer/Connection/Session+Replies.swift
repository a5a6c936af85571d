import GatewayKit
import NIOCore

extension Session {
    /// Queues one frame for the client.
    func reply(_ frame: ServerFrame) {
        shard.scratch.clear()
        shard.withTimestamp { frame.write(to: &shard.scratch, timestamp: $0) }
        queue(opcode: 1, shard.scratch)
    }

    /// Queues a WebSocket frame of any kind.
    func reply(opcode: UInt8, _ payload: ByteBuffer) { queue(opcode: opcode, payload) }

    private func queue(opcode: UInt8, _ payload: ByteBuffer) {
        if case .flushing = closing { return }
        let length = payload.readableBytes
        let headerLength = FrameEncoder.headerLength(length)
        // A client that asks and asks without reading the answers is a slow consumer too.
        if case .no = closing, !outbox.hasRoom(for: headerLength + length, limit: shard.maxQueue) {
            closeSlow()
            return
        }
        let start = shard.arena.count
        _ = FrameEncoder.writeHeader(opcode: opcode, length: length, into: shard.arena.extend(by: headerLength))
        payload.withUnsafeReadableBytes { shard.arena.append($0) }
        outbox.append(start: start, end: shard.arena.count)
    }

    /// Tells the client why something was refused, and counts the refusal and the strike.
    ///
    /// - Parameters:
    ///   - rejection: Why.
    ///   - reply: What is answered.
    ///   - module: The instance that refuses; `core` where it is none.
    func refuse(_ rejection: Rejection, _ reply: ReplyTo, by module: String = "core") {
        guard case .no = closing else { return }
        core.refusals.note(module, rejection.reason, connection)
        self.reply(.error(rejection, reply))
        let limits = shard.settings.limits
        let isTooMany = strikes.add(rejection.reason, now: shard.time.now, max: limits.maxStrikes, window: limits.strikeWindow.timeAmount)
        if isTooMany { close(.tooManyErrors, code: 1008) }
    }

    /// A module failed, or did not decide in time: that is noted, and unless it is forgiven the client is told.
    func failed<Value>(_ instance: String, _ result: Result<Value, any Error>, _ reply: ReplyTo, isForgiven: Bool = false) {
        let errorID = core.noteFailure(instance, result, isForgiven: isForgiven, connection)
        if isForgiven { return }
        if let errorID {
            self.reply(.error(Rejection(.internalError, "Internal error"), reply, errorID: errorID))
        } else {
            refuse(.undecided, reply, by: instance)
        }
    }
}

extension Session: ConnectionTransport {
    func send(_ payload: ByteBuffer, opcode: MessageOpcode) {
        guard case .no = closing else { return }
        queue(opcode: opcode.rawValue, payload)
    }

    func close(_ rejection: Rejection) { close(rejection, code: 1008) }
}
