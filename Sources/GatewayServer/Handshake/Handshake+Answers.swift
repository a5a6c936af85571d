import GatewayKit
import NIOCore
import NIOPosix

extension Handshake {
    func refuseIfDraining() -> Bool {
        guard core.isClosingDoor else { return false }
        core.refusals.note("core", .draining, endsHandshake: true, connection)
        refuse(HTTPRefusal(status: 503, .draining, "The gateway is going down", retryAfter: .seconds(1)), isPlain: false)
        return true
    }

    func upgrade(_ request: UpgradeRequest, accept: String, _ connection: Connection) {
        // The handshake stage may have taken its time.
        guard !refuseIfDraining(), let context = handler.context else { return }
        isAnswered = true
        let outbox = Outbox(shard: shard, context: context)
        let session = Session(connection: connection, handler: handler, outbox: outbox, tickets: tickets)
        tickets = Tickets()
        let promise = context.eventLoop.makePromise(of: Void.self)
        promise.futureResult.assumeIsolated().whenComplete { [shard] result in
            // Direct writes only after the 101's own write has completed; TLS has no socket to write to.
            guard case .success = result, shard.core.tls == nil, let context = session.handler?.context else { return }
            let socket = try? context.pipeline.syncOperations.withUnsafeTransportIfAvailable(of: NIOBSDSocket.Handle.self) { $0 }
            if let socket { session.outbox.useSocket(socket) }
        }
        let subprotocol = request.acceptedSubprotocol.flatMap { request.offeredSubprotocols.contains($0) ? $0 : nil }
        // The session stands before the write: a write that fails ends the connection at once, and the session with it.
        let early = received
        received = ByteBuffer()
        handler.open(session)
        context.writeAndFlush(NIOAny(HTTPAnswer.upgrade(accept: accept, subprotocol: subprotocol)), promise: promise)
        if case .open = handler.phase, early.readableBytes > 0 { session.receive(early) }
    }

    /// Answers over HTTP and closes.
    ///
    /// A refused connection keeps no slot.
    func refuse(_ refusal: HTTPRefusal, isPlain: Bool) {
        guard !isAnswered, let context = handler.context else { return }
        isAnswered = true
        answerDeadline = shard.time.now + shard.settings.server.closeTimeout.timeAmount
        tickets.releaseAll(shard)
        var refusal = refusal
        if isPlain {
            core.refusals.note("core", refusal.reason, endsHandshake: handler.site.endpoint != nil, connection)
            let address = connection?.address ?? peer
            if core.admission.take(handler.site.kind, address, limit: shard.settings.http.maxConnectionsPerIP) {
                tickets.counted.append((handler.site.kind, address))
            } else {
                refusal = .tooManyConnections
            }
        }
        let answer = HTTPAnswer.response(
            .failure(refusal), keepsAlive: false, headOnly: head?.method == "HEAD", date: shard.time.timestamp)
        let promise = context.eventLoop.makePromise(of: Void.self)
        promise.futureResult.assumeIsolated().whenComplete { [self] _ in
            tickets.releaseAll(shard)
            handler.linger()
        }
        context.writeAndFlush(NIOAny(answer), promise: promise)
    }
}
