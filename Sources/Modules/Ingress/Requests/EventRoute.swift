import GatewayKit
import NIOCore

/// What all routes share: limits, what has to outlive a reload, and where events go.
struct RequestDesk: Sendable {
    let rate: TokenRate
    let limits: IdempotencySettings
    let rates: RequestRates
    let answers: AnswerStore
    let clock: GatewayClock
    let publisher: any EventPublisher
}

/// Answers the requests of one route.
struct EventRoute: Sendable {
    private let route: IngressRoute
    private let shape: ObjectShape
    private let eventType: ByteBuffer
    private let desk: RequestDesk

    init(_ route: IngressRoute, _ desk: RequestDesk) {
        self.route = route
        self.desk = desk
        shape = ObjectShape(route)
        eventType = ByteBuffer(string: route.keys.event.text)
    }

    /// Counts the request, and answers it: with what was kept for its `Idempotency-Key`, or anew.
    func answer(_ request: HTTPRequest) async throws -> HTTPResponse {
        let client = IngressClient(request, route)
        try desk.rates.take(client, at: desk.rate, now: desk.clock.now)
        guard let key = try IdempotencyKey(request) else { return try await publish(object(of: request, client), request, client) }
        let name = key.fingerprint(client, route)
        let now = desk.clock.now
        switch try desk.answers.begin(name, of: client, IdempotencyKey.fingerprint(request), desk.limits, now: now) {
        case .answered(let answer): return try answer.get()
        case .begun(let earlier):
            var made = earlier
            do {
                let object = try made ?? object(of: request, client)
                made = object
                let response = try await publish(object, request, client)
                finish(name, .answer(.success(response)))
                return response
            } catch {
                finish(name, outcome(of: error, made, earlier))
                throw error
            }
        }
    }

    private func object(of request: HTTPRequest, _ client: IngressClient) throws -> CreatedObject {
        try shape.object(of: request, sender: client.sender, now: desk.clock.timestamp)
    }

    private func publish(_ object: CreatedObject, _ request: HTTPRequest, _ client: IngressClient) async throws -> HTTPResponse {
        let event = Event(
            topic: object.topic, otherTopics: object.otherTopics,
            message: Message(data: object.json, metadata: ByteBuffer(), eventType: eventType),
            sender: Sender(userID: client.sender, connection: nil))
        try await desk.publisher.ingest(event, by: client.principal(request), from: request.address)
        return .success(route.keys.status, data: answerData(object))
    }

    private func answerData(_ object: CreatedObject) -> ByteBuffer {
        switch route.keys.response {
        case .object: return object.json
        case .id:
            var writer = JSONWriter()
            if let name = route.idName { writer.member(name, .string(object.id)) }
            return writer.finish()
        }
    }

    /// What to keep of a request that failed.
    ///
    /// What may be tried again with better luck is no answer. Where nobody knows whether the event is out, as after a broker that did not
    /// answer in time, the next try has to be the same event: its `id` tells it from another one.
    private func outcome(of error: any Error, _ made: CreatedObject?, _ earlier: CreatedObject?) -> AnswerStore.Outcome? {
        let refusal = (error as? HTTPRefusal) ?? (error as? Rejection).map { HTTPRefusal($0) }
        guard let refusal, refusal.status < 500 else { return made.map { .object($0) } }
        if refusal.status == 429 || refusal.retryAfter != nil { return earlier.map { .object($0) } }
        return .answer(.failure(refusal))
    }

    private func finish(_ name: Fingerprint, _ outcome: AnswerStore.Outcome?) {
        desk.answers.finish(name, outcome, desk.limits, now: desk.clock.now)
    }
}
