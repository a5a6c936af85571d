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
        guard let key = try IdempotencyKey(request) else { return try await publish(request, client) }
        let name = key.fingerprint(client, route)
        if let kept = try desk.answers.begin(name, of: client, IdempotencyKey.fingerprint(request), desk.limits, now: desk.clock.now) {
            return try kept.get()
        }
        do {
            let response = try await publish(request, client)
            finish(name, .success(response))
            return response
        } catch let refusal as HTTPRefusal {
            finish(name, .failure(refusal))
            throw refusal
        } catch let rejection as Rejection {
            finish(name, .failure(HTTPRefusal(rejection)))
            throw rejection
        } catch {
            finish(name, nil)
            throw error
        }
    }

    private func publish(_ request: HTTPRequest, _ client: IngressClient) async throws -> HTTPResponse {
        let object = try shape.object(of: request, sender: client.sender, now: desk.clock.timestamp)
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

    /// What may be tried again with better luck is not kept.
    private func finish(_ name: Fingerprint, _ answer: AnswerStore.Answer?) {
        var kept = answer
        if case .failure(let refusal) = answer, refusal.status >= 500 || refusal.status == 429 || refusal.retryAfter != nil { kept = nil }
        desk.answers.finish(name, kept, desk.limits, now: desk.clock.now)
    }
}
