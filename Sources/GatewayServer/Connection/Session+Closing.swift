import GatewayKit
import NIOCore

extension Session {
    /// Tells the client why in an error frame, then closes.
    func close(_ rejection: Rejection, code: UInt16) {
        guard case .no = closing else { return }
        reply(.error(rejection, ReplyTo()))
        close(rejection.reason, code: code)
    }

    /// Sends the close frame; the peer's is awaited for `server.close_timeout`.
    func close(_ reason: Reason, code: UInt16) {
        guard case .no = closing else { return }
        // Before anything is queued, so that a queue which is full now is no second reason to close.
        closing = .awaitingPeer(until: shard.time.now + shard.settings.server.closeTimeout.timeAmount)
        sendClose(code: code, reason: reason)
        release()
        handler?.resumeReading()
        handler.map { shard.deadlines.schedule($0, at: timing.next(self)) }
    }

    /// The decoder met something that no further byte can mend: error frame where there is one, close frame, and no more reading.
    func close(_ failure: FrameError) {
        guard case .no = closing else {
            finish()
            return
        }
        closing = .awaitingPeer(until: shard.time.now)
        switch failure {
        case .tooBig:
            refuseTooBig("The message is larger than \(ByteCount(decoder.maxMessageSize).settingText)")
        case .tooManyFragments:
            refuseTooBig("The message has more than \(FrameDecoder.maxFragments) fragments")
        case .invalidUTF8: sendClose(code: 1007, reason: .invalidUTF8)
        case .protocolError: sendClose(code: 1002, reason: .protocolError)
        }
        finish()
    }

    private func refuseTooBig(_ message: String) {
        reply(.error(Rejection(.messageTooBig, message), ReplyTo()))
        sendClose(code: 1009, reason: .messageTooBig)
    }

    /// The receiver does not keep up: told so, after what is queued or in its place, then closed.
    func closeSlow(dropsQueue: Bool = false) {
        guard case .no = closing else { return }
        core.refusals.note("core", .slowConsumer, connection)
        closing = .awaitingPeer(until: shard.time.now + shard.settings.server.closeTimeout.timeAmount)
        closeReason = .slowConsumer
        closeCode = 1008
        outbox.attach(nil)
        if dropsQueue { outbox.drop() }
        let rejection = Rejection(.slowConsumer, "The connection does not take its messages fast enough")
        reply(.error(rejection, ReplyTo()))
        reply(opcode: 8, FrameEncoder.closePayload(code: 1008, reason: rejection.reason.slug))
        release()
        handler?.resumeReading()
        handler.map { shard.deadlines.schedule($0, at: timing.next(self)) }
    }

    /// The peer's close frame: answered if the gateway has not closed first.
    func peerClosed(_ code: UInt16?) {
        if case .no = closing {
            let reason = code == nil || code == 1000 ? Reason("client_closed", code: 0) : Reason("client_closed_\(code ?? 0)", code: 0)
            closeReason = reason
            // 1005 stands for a close frame without a code (RFC 6455, 7.4.1).
            closeCode = code ?? 1005
            isClosedByPeer = true
            closing = .awaitingPeer(until: shard.time.now)
            let payload = code.map { FrameEncoder.closePayload(code: $0, reason: "") } ?? ByteBuffer()
            reply(opcode: 8, payload)
        }
        finish()
    }

    /// The peer has ended its side without a close frame: what is due is written, then the socket closes.
    func inputClosed() {
        outbox.forgetSocket()
        if closeReason == nil { closeReason = Reason("connection_lost", code: 0) }
        finish()
    }

    /// After the last frame: everything goes out, then the socket half-closes and lingers.
    func finish() {
        if case .flushing = closing { return }
        let until = shard.time.now + shard.settings.server.closeTimeout.timeAmount
        closing = .flushing(until: until)
        outbox.attach(nil)
        release()
        outbox.notifyWhenEmpty { [self] in emptied() }
        handler.map { shard.deadlines.schedule($0, at: until) }
    }

    /// Everything that was due has been written: the connection keeps no place any more, and after its last frame it lingers.
    func emptied() {
        tickets.releaseAll(shard)
        guard case .flushing = closing else { return }
        shard.leaving[ObjectIdentifier(self)] = nil
        handler?.linger()
    }

    /// Ends a closing that takes memory which the process needs.
    func abort() {
        shard.leaving[ObjectIdentifier(self)] = nil
        outbox.drop()
        handler?.close()
    }

    private func sendClose(code: UInt16, reason: Reason) {
        closeReason = reason
        closeCode = code
        outbox.attach(nil)
        reply(opcode: 8, FrameEncoder.closePayload(code: code, reason: reason.slug))
    }
}
