import GatewayKit
import NIOCore

/// A connection before its 101: settles the client's address, runs the accept stage, reads the request head, runs the handshake stage.
///
/// Checks in this order: head (400, 408, 431), path (404), method and upgrade headers (405, 426, 400), accept verdict (429, 503),
/// handshake stage (403).
final class Handshake {
    private enum AcceptState {
        case unasked
        case waiting
        case passed
        case refused(HTTPRefusal)
    }

    let handler: SocketHandler
    let shard: Shard
    private var core: Core { shard.core }
    private var generation: Generation
    private var peer: ClientAddress?
    private(set) var connection: Connection?
    private var acceptState = AcceptState.unasked
    /// What has to be given back, exactly once.
    private var tickets = Tickets()
    private var received = ByteBuffer()
    private var head: RequestHead?
    private var isAnswered = false
    /// Until when the head has to be there.
    private var headDeadline: NIODeadline
    /// Until when the answer has to be written.
    private var answerDeadline: NIODeadline?

    init(handler: SocketHandler, shard: Shard) {
        self.handler = handler
        self.shard = shard
        generation = shard.generation
        headDeadline = shard.time.now + shard.core.settings.http.headerTimeout.timeAmount
    }

    /// The socket is there.
    ///
    /// The address is settled now, unless the peer is a proxy that will name the client in its request.
    func begin(peer address: SocketAddress?) {
        guard let address, let peer = ClientAddress(address) else {
            handler.close()
            return
        }
        self.peer = peer
        if !isTrustedProxy(peer) { accept(peer) }
    }

    func receive(_ buffer: ByteBuffer) {
        guard !isAnswered else { return }
        received.writeImmutableBuffer(buffer)
        guard head == nil else { return }
        switch RequestHeadParser.parse(received) {
        case .incomplete: return
        case .refused(let refusal): refuse(refusal, isPlain: true)
        case .head(let head, let byteCount):
            received.moveReaderIndex(forwardBy: byteCount)
            self.head = head
            if connection == nil, let peer { accept(ForwardedFor.client(head, peer: peer, isTrusted: isTrustedProxy)) }
            decide()
        }
    }

    func deadlinePassed(_ now: NIODeadline) -> NIODeadline? {
        if let answerDeadline {
            if now < answerDeadline { return answerDeadline }
            handler.close()
            return nil
        }
        // A verdict that is awaited has a time limit of its own, and nothing is read meanwhile.
        if case .waiting = acceptState { return now + .seconds(1) }
        guard head == nil else { return now + .seconds(1) }
        guard now >= headDeadline else { return headDeadline }
        refuse(HTTPRefusal(status: 408, Reason("request_timeout", code: 408), "The request head did not come in time"), isPlain: true)
        return answerDeadline
    }

    /// The socket has gone.
    func ended() { tickets.releaseAll(core) }

    private func isTrustedProxy(_ address: ClientAddress) -> Bool {
        core.settings.server.trustedProxies.contains { $0.contains(address) }
    }

    // MARK: Accept

    private func accept(_ address: ClientAddress) {
        let connection = Connection(eventLoop: shard.eventLoop, address: address, time: shard.time)
        self.connection = connection
        tickets.connection = connection
        guard core.admission.takeConnection() else {
            refuseAccept(
                HTTPRefusal(
                    status: 503, .serverFull, "The gateway has as many connections as it takes", retryAfter: .seconds(5), maxWaiting: 100),
                by: "core", connection)
            return
        }
        tickets.countsConnection = true
        askAccept(from: 0, connection)
    }

    private func askAccept(from start: Int, _ connection: Connection) {
        acceptState = .passed
        for index in start..<max(start, generation.accept.count) {
            let slot = generation.accept[index]
            if slot.breaker.isOpen(shard.time.now) {
                if slot.common.forgivesFailure { continue }
                refuseAccept(.undecided, by: slot.instance, connection)
                return
            }
            switch slot.module.accept(connection) {
            case .proceed:
                slot.breaker.noteVerdict()
                tickets.accepted.append(slot.module)
            case .refuse(let refusal):
                if refuseUnlessObserved(refusal, slot, connection) { return }
            case .later(let future):
                acceptState = .waiting
                handler.pauseReading()
                // What the module counts after its time is nobody's.
                let late = { (result: Result<Verdict<HTTPRefusal>, any Error>) in
                    if case .success(.proceed) = result { slot.module.released(connection) }
                }
                shard.first(of: future, within: slot.common.laterTimeout, breaker: slot.breaker, late: late) { [self] result in
                    acceptDecided(result, index, connection)
                }
                return
            }
        }
    }

    private func acceptDecided(_ result: Result<Verdict<HTTPRefusal>, any Error>, _ index: Int, _ connection: Connection) {
        let slot = generation.accept[index]
        let verdict = HandshakeVerdict(result, slot.instance, slot.common, core, connection)
        guard case .handshake = handler.phase else {
            // The socket has gone meanwhile: what the module counted is given back.
            if verdict.isProceed { slot.module.released(connection) }
            return
        }
        headDeadline = shard.time.now + core.settings.http.headerTimeout.timeAmount
        handler.resumeReading()
        if let refusal = verdict.refusal {
            if refuseUnlessObserved(refusal, slot, connection) {
                decide()
                return
            }
        } else if verdict.isProceed {
            tickets.accepted.append(slot.module)
        }
        askAccept(from: index + 1, connection)
        decide()
    }

    /// Answers whether the refusal stands.
    private func refuseUnlessObserved(
        _ refusal: HTTPRefusal, _ slot: Generation.Slot<any AcceptStage>, _ connection: Connection
    ) -> Bool {
        if slot.isObserved {
            core.refusals.note(slot.instance, refusal.reason, observed: true, connection)
            return false
        }
        refuseAccept(refusal, by: slot.instance, connection)
        return true
    }

    private func refuseAccept(_ refusal: HTTPRefusal, by module: String, _ connection: Connection) {
        core.refusals.note(module, refusal.reason, connection)
        tickets.releaseAll(core)
        guard core.admission.take(.refused, connection.address, limit: refusal.maxWaiting) else {
            isAnswered = true
            handler.close()
            return
        }
        tickets.counted.append((.refused, connection.address))
        acceptState = .refused(refusal)
    }

    // MARK: Decide

    private func decide() {
        guard !isAnswered, let head, let connection else { return }
        guard core.settings.server.enabled, head.path == core.settings.server.path else {
            refuse(HTTPRefusal(status: 404, Reason("not_found", code: 404), "There is nothing at this path"), isPlain: true)
            return
        }
        switch UpgradeCheck.check(head) {
        case .failure(let refusal): refuse(refusal, isPlain: true)
        case .success(let upgrade):
            switch acceptState {
            case .unasked, .waiting: return
            case .refused(let refusal): refuse(refusal, isPlain: false)
            case .passed:
                if !refuseIfDraining() { askHandshake(upgrade.request, accept: upgrade.accept, from: 0, connection) }
            }
        }
    }

    private func askHandshake(_ request: UpgradeRequest, accept: String, from start: Int, _ connection: Connection) {
        var request = request
        switch generation.decide(&request, connection, from: start, core.refusals) {
        case .proceed: upgrade(request, accept: accept, connection)
        case .refuse(let refusal, let module):
            core.refusals.note(module, refusal.reason, connection)
            refuse(refusal, isPlain: false)
        case .later(let future, let index):
            let slot = generation.handshake[index]
            handler.pauseReading()
            shard.first(of: future, within: slot.common.laterTimeout, breaker: slot.breaker) { [self, request] result in
                guard case .handshake = handler.phase else { return }
                handler.resumeReading()
                let verdict = HandshakeVerdict(result, slot.instance, slot.common, core, connection)
                if let refusal = verdict.refusal {
                    core.refusals.note(slot.instance, refusal.reason, observed: slot.isObserved, connection)
                    if !slot.isObserved {
                        refuse(refusal, isPlain: false)
                        return
                    }
                }
                askHandshake(request, accept: accept, from: index + 1, connection)
            }
        }
    }

    // MARK: Answers

    private func refuseIfDraining() -> Bool {
        guard core.isClosingDoor else { return false }
        refuse(HTTPRefusal(status: 503, .draining, "The gateway is going down", retryAfter: .seconds(1)), isPlain: false)
        return true
    }

    private func upgrade(_ request: UpgradeRequest, accept: String, _ connection: Connection) {
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
    private func refuse(_ refusal: HTTPRefusal, isPlain: Bool) {
        guard !isAnswered, let context = handler.context else { return }
        isAnswered = true
        answerDeadline = shard.time.now + core.settings.server.closeTimeout.timeAmount
        tickets.releaseAll(core)
        var refusal = refusal
        if isPlain, let address = connection?.address ?? peer {
            let limit = core.settings.http.maxConnectionsPerIP
            if core.admission.take(.http, address, limit: limit) {
                tickets.counted.append((.http, address))
            } else {
                refusal = HTTPRefusal(status: 429, .rateLimited, "Too many connections from this address", retryAfter: .seconds(1))
            }
        }
        let isHead = head?.method == "HEAD"
        let promise = context.eventLoop.makePromise(of: Void.self)
        promise.futureResult.assumeIsolated().whenComplete { [self] _ in
            tickets.releaseAll(core)
            handler.linger()
        }
        context.writeAndFlush(NIOAny(HTTPAnswer.refusal(refusal, headOnly: isHead, date: shard.time.timestamp)), promise: promise)
    }
}

@available(*, unavailable)
extension Handshake: Sendable {}
