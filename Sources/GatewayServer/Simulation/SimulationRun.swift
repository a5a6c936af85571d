import GatewayKit
import NIOCore

/// One client of a simulation on its way.
struct SimulationRun: Sendable {
    let request: SimulatedRequest
    let core: Core
    let generation: Generation
    let trace: SimulationTrace
    let publisher: Publisher

    /// What became of it.
    func report() async throws -> SimulationReport {
        var report = SimulationReport(steps: [], answers: [], isAllowed: true)
        switch request.action {
        case .subscribe, .publish:
            trace.watch(commandFrame)
            try await connect(&report)
        case .authenticate, .ingress: await send(&report)
        }
        report.steps = trace.finish()
        if !report.isAllowed { nameCore(&report) }
        return report
    }

    // MARK: Over a WebSocket

    private func connect(_ report: inout SimulationReport) async throws {
        let eventLoop = core.eventLoops[0]
        let shard = core.shard(0)
        let promise = eventLoop.makePromise(of: SimulatedClient.Outcome.self)
        // Looked at as soon as the client has its answer: nobody pings for it afterwards.
        let result = promise.futureResult.map { outcome in
            let (principal, topics) = look(shard.value)
            return SimulationReport(
                steps: [], answers: outcome.answers, isAllowed: outcome.isAllowed, topics: topics, end: outcome.end, principal: principal)
        }
        do {
            let pair = try SocketPair()
            // Both at once: the clocks of the server's end run from here on.
            async let served: Void = pair.serve(on: eventLoop) { [core, address = request.address] channel in
                try Listener.serve(channel, shard.value, .gateway(core.settings), peer: address)
            }
            let client = try await pair.meet(on: eventLoop) { channel in
                try channel.pipeline.syncOperations.addHandler(SimulatedClient(head, frames, promise))
            }
            try await served
            // The core answers whatever modules do; but one that takes every message for itself may answer nothing at all.
            let end = eventLoop.scheduleTask(in: patience) { client.close(promise: nil) }
            report = try await result.get()
            end.cancel()
            try? await client.close().get()
        } catch {
            promise.fail(error)
            throw error
        }
    }

    /// Longer than all modules together may take.
    private var patience: TimeAmount {
        let timeouts =
            generation.accept.map(\.common) + generation.handshake.map(\.common) + generation.auth.map(\.common)
            + generation.route.flatMap { [$0.common, $0.common] }
        return timeouts.reduce(.seconds(generation.hasFrameStages ? 5 : 60)) { $0 + $1.laterTimeout.timeAmount + .milliseconds(200) }
    }

    /// The upgrade request.
    private var head: String {
        var lines = ["GET \(core.settings.server.path) HTTP/1.1"]
        if !request.headers.contains(where: { $0.name.lowercased() == "host" }) { lines.append("Host: localhost") }
        // The key of RFC 6455, 1.3.
        lines += ["Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="]
        lines += request.headers.map { "\($0.name): \($0.value)" }
        return lines.joined(separator: "\r\n") + "\r\n\r\n"
    }

    private var frames: [SimulatedClient.Frame] {
        [authFrame.map { SimulatedClient.Frame(stage: .auth, text: $0) }, SimulatedClient.Frame(stage: .route, text: commandFrame)]
            .compactMap(\.self)
    }

    private var authFrame: ByteBuffer? {
        var writer = JSONWriter()
        writer.member("type", .string("auth"))
        switch request.credentials {
        case .none: return nil
        case .token(let token): writer.member("token", .string(token))
        case .claims: writer.member("token", .string("given"))
        }
        return writer.finish()
    }

    private var commandFrame: ByteBuffer {
        var writer = JSONWriter()
        writer.member("type", .string(request.action == .publish ? "message" : "subscribe"))
        writer.member("topic", .string(request.topic))
        if request.action == .publish {
            if let eventType = request.eventType { writer.member("eventType", .string(eventType)) }
            writer.member("data", json: ByteBuffer(string: request.data))
        }
        return writer.finish()
    }

    /// Looks at what the core made of the client: who it is, and what it may see under a wildcard.
    private func look(_ shard: Shard) -> (principal: Principal?, topics: [(example: TopicExample, isGranted: Bool)]) {
        let session = shard.sessions.values.first
        let subscription = (try? TopicPattern(request.topic)).flatMap { session?.subscriptions[$0] }
        let topics = subscription.map { subscription in trace.examples.map { ($0, subscription.admits($0.topic)) } } ?? []
        return (session?.connection.principal, topics)
    }

    // MARK: Over HTTP

    private func send(_ report: inout SimulationReport) async {
        do {
            report.end = .auth
            report.principal = try await principal()
            guard request.action == .ingress else { return }
            report.end = .route
            let event = Event(
                topic: try topic(), message: Message(data: ByteBuffer(string: request.data), metadata: ByteBuffer(), eventType: eventType),
                sender: Sender(userID: report.principal?.userID, connection: nil))
            try await publisher.ingest(event, by: report.principal, from: request.address)
        } catch {
            let refusal =
                error as? HTTPRefusal ?? (error as? Rejection).map { HTTPRefusal($0) }
                ?? HTTPRefusal(status: 500, .internalError, "Internal error")
            let response = HTTPResponse.failure(refusal)
            report.answers = [.response(status: response.status, body: String(buffer: response.body))]
            report.isAllowed = false
        }
    }

    private var eventType: ByteBuffer { ByteBuffer(string: request.eventType ?? "message.sent") }

    private func topic() throws -> Topic {
        do {
            return try Topic(request.topic)
        } catch {
            throw HTTPRefusal(status: 400, .invalidTopic, "Invalid topic", field: "topic", issue: error.rawValue)
        }
    }

    private func principal() async throws -> Principal? {
        switch request.credentials {
        case .none: return nil
        case .claims(let principal): return principal
        case .token(let token):
            return try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Principal, any Error>) in
                core.onShard(0) { [generation, address = request.address] shard in
                    shard.beginTurn()
                    let connection = Connection(eventLoop: shard.eventLoop, address: address, time: shard.time)
                    generation.authenticate(.token(token), connection, shard) { continuation.resume(with: $0.mapError { $0 as any Error }) }
                }
            }
        }
    }

    // MARK: The core's part

    /// Where no module ended the client's way, the core did.
    private func nameCore(_ report: inout SimulationReport) {
        guard report.steps.last?.isEnd != true, let reason = report.answers.first?.reason else { return }
        report.steps.append(SimulatedStep(stage: report.end, module: "core", outcome: .refused(reason)))
    }
}

extension SimulationReport.Answer {
    /// The reason that a refusal names.
    fileprivate var reason: Reason? {
        switch self {
        case .response(let status, let body): Self.slug(in: body, path: ["error", "details", "reason"]).map { Reason($0, code: status) }
        case .frame(let text): Self.slug(in: text, path: ["details", "reason"]).map { Reason($0, code: 0) }
        case .close(let code, let reason): Reason(reason, code: code)
        case .ended: nil
        }
    }

    private static func slug(in json: String, path: [String]) -> String? {
        var value = JSONValue(json: Array(json.utf8))
        for key in path { value = if case .object(let members)? = value { members[key] } else { nil } }
        return value?.string
    }
}
