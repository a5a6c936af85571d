import GatewayHTTP
import GatewayKit
import Logging
import NIOCore

/// One plain HTTP request: finds its route, reads its body, asks the route, writes the answer.
///
/// On its event loop only, but for the route, which runs off it; nothing more is read meanwhile. What stood behind the request waits
/// for the next one.
final class HTTPExchange {
    private enum State {
        case reading(RequestBody)
        case answering
        case writing
    }

    let shard: Shard
    /// Whose route answers, whatever is reloaded meanwhile.
    private let generation: Generation
    let head: RequestHead
    private let handler: SocketHandler
    private let address: ClientAddress
    /// What the connection has taken of counted things, for as long as it lives.
    private var tickets: Tickets
    private var rest: ByteBuffer
    private var state = State.answering
    private var target: (route: HTTPRoute, parameters: [String: String])?
    /// The route that is at work.
    private var answering: Task<Void, Never>?
    private var measurement: StageMeasurement?
    private var deadline: NIODeadline
    /// Bytes of the body that count among the unfinished messages of the process.
    private(set) var counted = 0
    /// How long a route may take.
    private static let answerTimeout = TimeAmount.seconds(30)
    /// What may stand behind a request while it is answered.
    private static let maxPipelined = 128 << 10

    init(_ head: RequestHead, rest: ByteBuffer, from address: ClientAddress, handler: SocketHandler, tickets: Tickets) {
        self.head = head
        self.rest = rest
        self.address = address
        self.handler = handler
        self.tickets = tickets
        shard = handler.shard
        generation = handler.shard.generation
        deadline = handler.shard.time.now + handler.shard.settings.http.bodyTimeout.timeAmount
    }

    /// Decides on the head, and begins with the body.
    ///
    /// - Parameter refusal: What is known to be wrong already.
    func start(refusal: HTTPRefusal? = nil) {
        handler.schedule(deadline)
        do throws(HTTPRefusal) {
            if let refusal { throw refusal }
            if let refusal = handler.site.guardian?(handler.siteRequest(head)) { throw refusal }
            var body = try RequestBody(head.body, limit: handler.site.maxBody(shard.settings.http))
            guard let match = match(head.path) else { throw .notFound }
            if head.method == "OPTIONS" { return answerOptions(match) }
            guard let route = match.route(head.method) else { throw .methodNotAllowed(allow: match.allow) }
            try RequestHeadRules.check(head, route)
            target = (route, match.parameters)
            try body.read(&rest)
            compactRest()
            if !body.isDone, head.expectsContinue { handler.write(HTTPAnswer.proceed) }
            try took(body)
        } catch {
            respond(.failure(error), closing: refusal != nil || !isWhole)
        }
    }

    /// On a listener of its own the core's routes come first, and what modules answer operators behind them.
    private func match(_ path: String) -> HTTPRouter.Match? {
        guard let own = handler.site.router else { return generation.router.match(path) }
        return own.match(path) ?? generation.adminRouter.match(path)
    }

    func receive(_ buffer: ByteBuffer) {
        rest.writeImmutableBuffer(buffer)
        guard case .reading(var body) = state else {
            // What comes while nothing is read can only be what the socket still had at its end.
            if rest.readableBytes > Self.maxPipelined { handler.close() }
            return
        }
        // Held once: a second reference would copy the body at each read.
        state = .answering
        do throws(HTTPRefusal) {
            try body.read(&rest)
            compactRest()
            try took(body)
        } catch {
            respond(.failure(error), closing: true)
        }
    }

    func deadlinePassed(_ now: NIODeadline) -> NIODeadline? {
        guard now >= deadline else { return deadline }
        switch state {
        case .reading: respond(.failure(.requestTimeout), closing: true)
        case .answering:
            giveUp()
            respond(.failure(HTTPRefusal(status: 503, .timeout, "The answer did not come in time")), closing: true)
        case .writing:
            handler.close()
            return nil
        }
        return deadline
    }

    /// The peer has ended its side: what is complete is answered.
    func inputClosed() {
        if case .reading = state { handler.close() }
    }

    /// Nobody waits for the route any more: it is told by the cancellation of its task.
    private func giveUp() {
        guard let answering else { return }
        answering.cancel()
        guard let module = target?.route.module else { return }
        shard.stageTimes.note(.late, DutyName(.http, module))
        shard.core.logger.warning("a route was given up: it did not answer in time", metadata: ["module": "\(module)"])
    }

    /// The socket has gone.
    func ended() {
        // What it does may be worth its end; but not for ever.
        if let answering { shard.eventLoop.scheduleTask(in: Self.answerTimeout) { answering.cancel() } }
        countBody(0)
        state = .writing
        tickets.releaseAll(shard)
    }

    /// Whether nothing of the request is still to come.
    private var isWhole: Bool { head.body == .none || head.body == .length(0) }

    // MARK: The body

    /// What has been read of the buffer is given up.
    private func compactRest() {
        if rest.readableBytes == 0 { rest.clear() } else { rest.discardReadBytes() }
    }

    /// The process holds too many unfinished messages, and this is the largest.
    func refuseOverloaded() { respond(.failure(.overloaded), closing: true) }

    private func took(_ body: RequestBody) throws(HTTPRefusal) {
        countBody(body.bytes.readableBytes)
        guard body.isDone else {
            if shard.core.budgets.inbound.isExceeded { throw .overloaded }
            state = .reading(body)
            shard.bodies[ObjectIdentifier(self)] = self
            return
        }
        state = .answering
        handler.pauseReading()
        deadline = shard.time.now + Self.answerTimeout
        handler.schedule(deadline)
        authenticate(body.bytes)
    }

    private func countBody(_ bytes: Int) {
        shard.inboundChanged(by: bytes - counted)
        counted = bytes
        if bytes == 0 { shard.bodies[ObjectIdentifier(self)] = nil }
    }

    // MARK: The route

    private func authenticate(_ body: ByteBuffer) {
        guard let target else { return }
        switch target.route.authentication {
        case .none: ask(body, nil)
        case .apiKey(let key):
            guard let given = head.first("x-api-key"), key.isEqual(to: given) else { return respond(.failure(.unauthorized(.apiKey))) }
            ask(body, nil)
        case .bearer:
            guard let token = head.bearerToken else { return respond(.failure(.unauthorized(.bearer))) }
            let connection = Connection(eventLoop: shard.eventLoop, address: address, time: shard.time)
            generation.authenticate(.token(token), connection, shard) { [self] result in
                switch result {
                case .success(let principal): ask(body, principal)
                case .failure(let refusal): respond(.failure(refusal))
                }
            }
        }
    }

    private func ask(_ body: ByteBuffer, _ principal: Principal?) {
        guard let target, case .answering = state else { return }
        let request = HTTPRequest(
            method: head.method, path: head.path, query: head.query, headers: head.headers, body: body, parameters: target.parameters,
            address: address, principal: principal)
        measurement = target.route.module.map { StageMeasurement(times: shard.stageTimes, module: DutyName(.http, $0)) }
        let bound = NIOLoopBound(self, eventLoop: shard.eventLoop)
        answering = shard.core.routes.run(on: shard.eventLoop) { [answer = target.route.answer, generation] in
            // Its modules run until the answer is there, however late that is.
            defer { withExtendedLifetime(generation) {} }
            return try await answer(request)
        } done: { result in
            bound.value.answered(result, target.route)
        }
    }

    private func answered(_ result: Result<HTTPResponse, any Error>, _ route: HTTPRoute) {
        shard.beginTurn()
        measurement?.endWaiting()
        answering = nil
        guard case .answering = state else { return }
        switch result {
        case .success(let response): respond(response)
        case .failure(let error as HTTPRefusal): respond(.failure(error))
        case .failure(let error as Rejection): respond(.failure(HTTPRefusal(error)))
        case .failure(let error): failed(error, route)
        }
    }

    private func failed(_ error: any Error, _ route: HTTPRoute) {
        let errorID = ConnectionID.random().description
        var metadata: Logger.Metadata = [
            "route": "\(route.method.rawValue) \(route.path)", "errorId": "\(errorID)", "error": "\(error)",
        ]
        if let module = route.module {
            metadata["module"] = "\(module)"
            shard.stageTimes.note(.failed, DutyName(.http, module))
        }
        shard.core.logger.error("route failed", metadata: metadata)
        var refusal = HTTPRefusal(status: 500, .internalError, "Internal error")
        refusal.errorID = errorID
        respond(.failure(refusal))
    }

    // MARK: The answer

    private func answerOptions(_ match: HTTPRouter.Match) {
        var response = HTTPResponse(status: 204, headers: [("Allow", match.allow)])
        if head.first("access-control-request-method") != nil {
            response.headers += handler.site.cors.preflight(origin: head.first("origin"), allow: match.allow)
        }
        respond(response, closing: !isWhole)
    }

    /// Writes the answer; a second one counts for nothing.
    private func respond(_ response: HTTPResponse, closing: Bool = false) {
        if case .writing = state { return }
        state = .writing
        countBody(0)
        handler.pauseReading()
        deadline = shard.time.now + shard.settings.http.bodyTimeout.timeAmount
        handler.schedule(deadline)
        var response = response
        if !response.headers.contains(where: { $0.name == "Access-Control-Allow-Origin" || $0.name == "Vary" }) {
            response.headers += handler.site.cors.headers(origin: head.first("origin"))
        }
        let keepsAlive = head.keepsAlive && !closing && !shard.core.isClosingDoor && !handler.isInputClosed
        let answer = HTTPAnswer.response(
            response, keepsAlive: keepsAlive, headOnly: head.method == "HEAD", date: shard.time.timestamp)
        handler.write(answer).assumeIsolated().whenComplete { [self] result in
            guard case .success = result else { return handler.close() }
            // Not at once: answers to requests that came together must not nest.
            let bound = NIOLoopBound(self, eventLoop: shard.eventLoop)
            shard.eventLoop.execute { bound.value.written(keepsAlive: keepsAlive) }
        }
    }

    private func written(keepsAlive: Bool) {
        shard.beginTurn()
        guard handler.isServing(self) else { return }
        if keepsAlive {
            handler.awaitRequest(tickets, rest)
            tickets = Tickets()
        } else {
            tickets.releaseAll(shard)
            handler.linger()
        }
    }
}

@available(*, unavailable)
extension HTTPExchange: Sendable {}
