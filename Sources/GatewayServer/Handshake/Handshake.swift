import GatewayKit
import NIOCore

/// A connection before its 101, or between two requests.
///
/// It settles the client's address, runs the accept stage, reads the request head, and runs the handshake stage. What asks for anything but the endpoint goes on as an ``HTTPExchange``.
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
    private let peer: ClientAddress
    private(set) var connection: Connection?
    private var acceptState = AcceptState.unasked
    /// What has to be given back, exactly once.
    private var tickets: Tickets
    /// Whether a request was answered on the connection before.
    private let isAfterRequest: Bool
    /// Until when the head, or the first byte of a further one, has to come.
    private var headDeadline: NIODeadline
    private var received = ByteBuffer()
    private var searched = 0
    private var head: RequestHead?
    private var isAnswered = false
    /// Until when the answer has to be written.
    private var answerDeadline: NIODeadline?

    /// - Parameters:
    ///   - handler: The connection's.
    ///   - peer: Who is at the other end.
    ///   - deadline: Until when the head, or the first byte of a further one, has to come.
    ///   - tickets: What the connection has taken of counted things, where a request was answered before.
    init(handler: SocketHandler, peer: ClientAddress, deadline: NIODeadline, after tickets: Tickets? = nil) {
        self.handler = handler
        self.peer = peer
        shard = handler.shard
        generation = handler.shard.generation
        headDeadline = deadline
        isAfterRequest = tickets != nil
        self.tickets = tickets ?? Tickets()
        handler.schedule(deadline)
        // Requests that a proxy brings are counted one by one, each for its client.
        if handler.site.isTrustedProxy(peer) { self.tickets.releaseAll(core) }
    }

    /// The socket is there.
    ///
    /// The address is settled now, unless the peer is a proxy that will name the client in its request.
    func begin() {
        guard handler.site.endpoint != nil else { return }
        guard handler.site.isTrustedProxy(peer) else { return accept(peer) }
        // Until the client is known the proxy is counted in its place.
        guard core.admission.take(.pending, peer, limit: core.admission.maxWaiting) else { return handler.close() }
        tickets.counted.append((.pending, peer))
        tickets.countsConnection = core.admission.takeConnection()
    }

    func receive(_ buffer: ByteBuffer) {
        guard !isAnswered else { return }
        if isAfterRequest, received.readableBytes == 0 {
            shard.idle[ObjectIdentifier(handler)] = nil
            headDeadline = shard.time.now + core.settings.http.headerTimeout.timeAmount
            handler.schedule(headDeadline)
        }
        received.writeImmutableBuffer(buffer)
        guard head == nil else { return }
        switch RequestHeadParser.parse(received, searched: &searched) {
        case .incomplete: return
        case .refused(let refusal): refuse(refusal, isPlain: true)
        case .head(let head, let byteCount):
            received.moveReaderIndex(forwardBy: byteCount)
            self.head = head
            let client =
                handler.site.isTrustedProxy(peer)
                ? ForwardedFor.client(head, peer: peer, isTrusted: handler.site.isTrustedProxy) : peer
            guard head.path == handler.site.endpoint else { return serve(head, from: client) }
            if connection == nil { accept(client) }
            decide()
        }
    }

    /// Anything but the endpoint; what the accept stage has counted is given back.
    private func serve(_ head: RequestHead, from client: ClientAddress) {
        isAnswered = true
        var tickets = Tickets()
        swap(&tickets, &self.tickets)
        let isCounted = tickets.releaseAll(core, but: .http)
        let isRoom = isCounted || core.admission.take(.http, client, limit: core.settings.http.maxConnectionsPerIP)
        if isRoom, !isCounted { tickets.counted.append((.http, client)) }
        let exchange = HTTPExchange(head, rest: received, from: client, handler: handler, tickets: tickets)
        handler.serve(exchange)
        exchange.start(refusal: isRoom ? nil : .tooManyConnections)
    }

    func deadlinePassed(_ now: NIODeadline) -> NIODeadline? {
        if let answerDeadline {
            if now < answerDeadline { return answerDeadline }
            handler.close()
            return nil
        }
        if now < headDeadline { return headDeadline }
        // A verdict that is awaited has a time limit of its own.
        if case .waiting = acceptState { return now + .seconds(1) }
        guard head == nil else { return now + .seconds(1) }
        if isAfterRequest, received.readableBytes == 0 {
            handler.linger()
            return nil
        }
        refuse(.requestTimeout, isPlain: true)
        return answerDeadline
    }

    /// The socket has gone.
    func ended() { tickets.releaseAll(core) }

    // MARK: Accept

    private func accept(_ address: ClientAddress) {
        let connection = Connection(eventLoop: shard.eventLoop, address: address, time: shard.time)
        self.connection = connection
        tickets.connection = connection
        tickets.release(.pending, core)
        tickets.release(.http, core)
        guard tickets.countsConnection || core.admission.takeConnection() else {
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
            switch slot.module.accept(connection) {
            case .proceed: tickets.accepted.append(slot.module)
            case .refuse(let refusal):
                if refuseUnlessObserved(refusal, slot, connection) { return }
            case .later(let future):
                acceptState = .waiting
                handler.pauseReading()
                future.firstWithin(slot.common.laterTimeout) { [self] result in
                    acceptDecided(result, index, connection)
                }
                return
            }
        }
    }

    private func acceptDecided(_ result: Result<Verdict<HTTPRefusal>, any Error>, _ index: Int, _ connection: Connection) {
        shard.beginTurn()
        let slot = generation.accept[index]
        let verdict = HandshakeVerdict(result, slot.instance, slot.common)
        guard handler.isReading(self) else {
            // The socket has gone meanwhile: what the module counted is given back.
            if verdict.isProceed { slot.module.released(connection) }
            return
        }
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
        core.refusals.note(module, refusal.reason, endsHandshake: true, connection)
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
        switch UpgradeCheck.check(head) {
        case .failure(let refusal): refuse(refusal, isPlain: true)
        case .success(let upgrade):
            switch acceptState {
            case .unasked, .waiting: return
            case .refused(let refusal): refuse(refusal, isPlain: false)
            case .passed:
                if core.isClosingDoor {
                    core.refusals.note("core", .draining, endsHandshake: true, connection)
                    refuse(HTTPRefusal(status: 503, .draining, "The gateway is going down", retryAfter: .seconds(1)), isPlain: false)
                } else {
                    askHandshake(upgrade.request, accept: upgrade.accept, from: 0, connection)
                }
            }
        }
    }

    private func askHandshake(_ request: UpgradeRequest, accept: String, from start: Int, _ connection: Connection) {
        var request = request
        switch generation.decide(&request, connection, from: start, core.refusals) {
        case .proceed: upgrade(request, accept: accept, connection)
        case .refuse(let refusal, let module):
            core.refusals.note(module, refusal.reason, endsHandshake: true, connection)
            refuse(refusal, isPlain: false)
        case .later(let future, let index, let instance, let common):
            handler.pauseReading()
            future.firstWithin(common.laterTimeout) { [self, request] result in
                shard.beginTurn()
                guard handler.isReading(self) else { return }
                handler.resumeReading()
                let verdict = HandshakeVerdict(result, instance, common)
                if let refusal = verdict.refusal {
                    let isObserved = common.mode == .observe
                    core.refusals.note(instance, refusal.reason, observed: isObserved, endsHandshake: !isObserved, connection)
                    if !isObserved {
                        refuse(refusal, isPlain: false)
                        return
                    }
                }
                askHandshake(request, accept: accept, from: index + 1, connection)
            }
        }
    }

    // MARK: Answers

    private func upgrade(_ request: UpgradeRequest, accept: String, _ connection: Connection) {
        guard let context = handler.context else { return }
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
        if isPlain {
            core.refusals.note("core", refusal.reason, endsHandshake: true, connection)
            let address = connection?.address ?? peer
            if core.admission.take(.http, address, limit: core.settings.http.maxConnectionsPerIP) {
                tickets.counted.append((.http, address))
            } else {
                refusal = .tooManyConnections
            }
        }
        let answer = HTTPAnswer.response(
            .failure(refusal), keepsAlive: false, headOnly: head?.method == "HEAD", date: shard.time.timestamp)
        let promise = context.eventLoop.makePromise(of: Void.self)
        promise.futureResult.assumeIsolated().whenComplete { [self] _ in
            tickets.releaseAll(core)
            handler.linger()
        }
        context.writeAndFlush(NIOAny(answer), promise: promise)
    }
}

@available(*, unavailable)
extension Handshake: Sendable {}
