import GatewayKit
import Logging
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
        let start = shard.arena.count
        let header = shard.arena.extend(by: FrameEncoder.headerLength(length))
        _ = FrameEncoder.writeHeader(opcode: opcode, length: length, into: header)
        payload.withUnsafeReadableBytes { shard.arena.append($0) }
        outbox.append(start: start, end: shard.arena.count)
        // A client that asks and asks without reading the answers is a slow consumer too.
        if outbox.queuedBytes > core.settings.limits.maxQueue.bytes, case .no = closing { closeSlow() }
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
        let limits = core.settings.limits
        let isTooMany = strikes.add(rejection.reason, now: shard.time.now, max: limits.maxStrikes, window: limits.strikeWindow.timeAmount)
        if isTooMany { close(.tooManyErrors, code: 1008) }
    }

    /// A module failed, or did not decide in time.
    func failed<Value>(_ instance: String, _ result: Result<Value, any Error>, _ reply: ReplyTo) {
        answer(failure(instance, result), reply)
    }

    /// Tells the client of a module's failure.
    func answer(_ failure: (rejection: Rejection, errorID: String?), _ reply: ReplyTo) {
        guard let errorID = failure.errorID else { return refuse(failure.rejection, reply) }
        self.reply(.error(failure.rejection, reply, errorID: errorID))
    }

    /// Logs that a module failed, or did not decide in time.
    ///
    /// - Returns: What the client may know of it, with the id that stands in the log too.
    func failure<Value>(_ instance: String, _ result: Result<Value, any Error>) -> (rejection: Rejection, errorID: String?) {
        if case .failure(let error) = result, error is LateVerdict {
            core.refusals.note(instance, .timeout, connection)
            return (Rejection(.timeout, "The decision did not come in time"), nil)
        }
        let errorID = ConnectionID.random().description
        let what = if case .failure(let error) = result { String(describing: error) } else { "a verdict that waits for another one" }
        core.logger.error(
            "module failed",
            metadata: ["module": "\(instance)", "errorId": "\(errorID)", "connection": "\(connection.id)", "error": "\(what)"])
        return (Rejection(.internalError, "Internal error"), errorID)
    }
}

extension Session: ConnectionTransport {
    func send(_ payload: ByteBuffer, opcode: MessageOpcode) {
        guard case .no = closing else { return }
        queue(opcode: opcode.rawValue, payload)
    }

    func close(_ rejection: Rejection) { close(rejection, code: 1008) }
}
