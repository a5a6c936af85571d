import GatewayKit
import NIOCore

/// A connection before its 101, or between two requests.
///
/// It settles the client's address, runs the accept stage, reads the request head, and runs the handshake stage. What asks for anything
/// but the endpoint goes on as an ``HTTPExchange``.
///
/// Checks in this order: head (400, 408, 431), path (404), method and upgrade headers (405, 426, 400), accept verdict (429, 503),
/// handshake stage (403).
final class Handshake {
    private enum AcceptState {
        case unasked
        case waiting
        case passed
        case refused(HTTPRefusal, by: String)
    }

    let handler: SocketHandler
    let shard: Shard
    var core: Core { shard.core }
    let peer: ClientAddress
    private(set) var connection: Connection?
    private var acceptState = AcceptState.unasked
    /// What has to be given back, exactly once.
    var tickets: Tickets
    /// Whether a request was answered on the connection before.
    private let isAfterRequest: Bool
    /// Until when the head, or the first byte of a further one, has to come.
    private var headDeadline: NIODeadline
    var received = ByteBuffer()
    private var searched = 0
    var head: RequestHead?
    var isAnswered = false
    /// Until when the answer has to be written.
    var answerDeadline: NIODeadline?

    /// - Parameters:
    ///   - handler: The connection's.
    ///   - peer: Who is at the other end.
    ///   - deadline: Until when the head, or the first byte of a further one, has to come.
    ///   - tickets: What the connection has taken of counted things, where a request was answered before.
    init(handler: SocketHandler, peer: ClientAddress, deadline: NIODeadline, after tickets: Tickets? = nil) {
        self.handler = handler
        self.peer = peer
        shard = handler.shard
        headDeadline = deadline
        isAfterRequest = tickets != nil
        self.tickets = tickets ?? Tickets()
        handler.schedule(deadline)
        shard.idle[ObjectIdentifier(handler)] = handler
        // Requests that a proxy brings are counted one by one, each for its client.
        if handler.site.isTrustedProxy(peer) { self.tickets.releaseAll(shard) }
    }

    /// The socket is there.
    ///
    /// The address is settled now, unless the peer is a proxy that will name the client in its request.
    func begin() {
        let isProxy = handler.site.isTrustedProxy(peer)
        if handler.site.endpoint != nil, !isProxy { return accept(peer) }
        // Until the client is known the proxy is counted in its place; without an endpoint nobody is asked before the head.
        guard core.admission.take(.pending, peer, limit: core.admission.maxWaiting) else { return handler.close() }
        tickets.counted.append((.pending, peer))
        if isProxy { tickets.countsConnection = core.admission.takeConnection() }
    }

    func receive(_ buffer: ByteBuffer) {
        guard !isAnswered else { return }
        if received.readableBytes == 0 { shard.idle[ObjectIdentifier(handler)] = nil }
        if isAfterRequest, received.readableBytes == 0 {
            headDeadline = shard.time.now + shard.settings.http.headerTimeout.timeAmount
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
        let kind = handler.site.kind
        let isCounted = tickets.releaseAll(shard, but: kind)
        let isRoom = isCounted || core.admission.take(kind, client, limit: shard.settings.http.maxConnectionsPerIP)
        if isRoom, !isCounted { tickets.counted.append((kind, client)) }
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
    func ended() { tickets.releaseAll(shard) }

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
        askAccept(shard.generation, from: 0, connection)
    }

    private func askAccept(_ generation: Generation, from start: Int, _ connection: Connection) {
        acceptState = .passed
        tickets.lease = generation.entryLease
        for index in start..<max(start, generation.accept.count) {
            let slot = generation.accept[index]
            if slot.breaker.spares(shard.time.now) {
                if slot.common.forgivesFailure { continue }
                refuseAccept(.undecided, by: slot.instance, connection)
                return
            }
            let call = shard.beginCall(slot.duty.name)
            switch slot.module.accept(connection) {
            case .proceed:
                shard.endCall(call)
                tickets.accepted.append(slot)
            case .refuse(let refusal):
                shard.endCall(call)
                if refuseUnlessObserved(refusal, slot, connection) { return }
            case .later(let future):
                shard.endPromising(call)
                acceptState = .waiting
                handler.pauseReading()
                // What the module counts after its time is nobody's.
                let late = { [shard, lease = tickets.lease] (result: Result<Verdict<HTTPRefusal>, any Error>) in
                    if case .success(.proceed) = result { withExtendedLifetime(lease) { slot.released(connection, shard) } }
                }
                shard.first(of: future, by: slot.duty, measurement: call.measurement, late: late) { [self] result in
                    acceptDecided(result, generation, index, connection)
                }
                return
            }
        }
    }

    private func acceptDecided(
        _ result: Result<Verdict<HTTPRefusal>, any Error>, _ generation: Generation, _ index: Int, _ connection: Connection
    ) {
        let slot = generation.accept[index]
        let verdict = HandshakeVerdict(result, slot.instance, slot.common, core, connection)
        guard handler.isReading(self) else {
            // The socket has gone meanwhile: what the module counted is given back.
            if verdict.isProceed { slot.released(connection, shard) }
            return
        }
        headDeadline = shard.time.now + shard.settings.http.headerTimeout.timeAmount
        handler.resumeReading()
        if let refusal = verdict.refusal {
            if refuseUnlessObserved(refusal, slot, connection) {
                decide()
                return
            }
        } else if verdict.isProceed {
            tickets.accepted.append(slot)
        }
        askAccept(generation, from: index + 1, connection)
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
        tickets.releaseAll(shard)
        guard core.admission.take(.refused, connection.address, limit: refusal.maxWaiting) else {
            core.refusals.note(module, refusal.reason, endsHandshake: true, connection)
            isAnswered = true
            handler.close()
            return
        }
        tickets.counted.append((.refused, connection.address))
        acceptState = .refused(refusal, by: module)
    }

    // MARK: Decide

    private func decide() {
        guard !isAnswered, let head, let connection else { return }
        switch UpgradeCheck.check(head) {
        case .failure(let refusal): refuse(refusal, isPlain: true)
        case .success(let upgrade):
            switch acceptState {
            case .unasked, .waiting: return
            case .refused(let refusal, let module):
                core.refusals.note(module, refusal.reason, endsHandshake: true, connection)
                refuse(refusal, isPlain: false)
            case .passed:
                if !refuseIfDraining() { askHandshake(upgrade.request, accept: upgrade.accept, shard.generation, from: 0, connection) }
            }
        }
    }

    private func askHandshake(
        _ request: UpgradeRequest, accept: String, _ generation: Generation, from start: Int, _ connection: Connection
    ) {
        var request = request
        switch generation.decide(&request, connection, from: start, shard) {
        case .proceed: upgrade(request, accept: accept, connection)
        case .refuse(let refusal, let module):
            core.refusals.note(module, refusal.reason, endsHandshake: true, connection)
            refuse(refusal, isPlain: false)
        case .later(let future, let index, let measurement):
            let slot = generation.handshake[index]
            handler.pauseReading()
            shard.first(of: future, by: slot.duty, measurement: measurement) { [self, request] result in
                guard handler.isReading(self) else { return }
                handler.resumeReading()
                let verdict = HandshakeVerdict(result, slot.instance, slot.common, core, connection)
                if let refusal = verdict.refusal {
                    core.refusals.note(
                        slot.instance, refusal.reason, observed: slot.isObserved, endsHandshake: !slot.isObserved, connection)
                    if !slot.isObserved {
                        refuse(refusal, isPlain: false)
                        return
                    }
                }
                askHandshake(request, accept: accept, generation, from: index + 1, connection)
            }
        }
    }
}

@available(*, unavailable)
extension Handshake: Sendable {}
