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
        case .subscribe, .publish: try await connect(&report)
        case .authenticate, .ingress: await send(&report)
        }
        report.steps = trace.finish()
        if !report.isAllowed { nameCore(&report) }
        return report
    }

    // MARK: Over a WebSocket

    private func connect(_ report: inout SimulationReport) async throws {
        let (core, address) = (core, request.address)
        let shard = core.shard(0)
        let client = try await SocketPair().connect(on: core.eventLoops[0]) { channel in
            let shard = shard.value
            let allocator = ReadAllocator(buffers: NIOLoopBound(shard.readBuffers, eventLoop: channel.eventLoop))
            try channel.syncOptions?.setOption(.recvAllocator, value: allocator)
            try channel.pipeline.syncOperations.addHandler(SocketHandler(shard: shard, site: .gateway(core.settings), peer: address))
        }
        // The core answers whatever modules do; but one that takes every message for itself may answer nothing at all.
        let end = client.channel.eventLoop.scheduleTask(in: patience) { client.channel.close(promise: nil) }
        defer { end.cancel() }
        let found = try await client.executeThenClose { inbound, outbound in
            var connected = SimulatedClient(inbound, outbound)
            var found = SimulationReport(steps: [], answers: [], isAllowed: true)
            try await talk(&connected, &found)
            return found
        }
        report = found
    }

    /// Longer than all modules together may take.
    private var patience: TimeAmount {
        let timeouts =
            generation.accept.map(\.common) + generation.handshake.map(\.common) + generation.auth.map(\.common)
            + generation.route.flatMap { [$0.common, $0.common] }
        return timeouts.reduce(.seconds(generation.hasFrameStages ? 5 : 60)) { $0 + $1.laterTimeout.timeAmount + .milliseconds(200) }
    }

    private func talk(_ client: inout SimulatedClient, _ report: inout SimulationReport) async throws {
        if let answer = try await client.upgrade(core.settings.server.path, request.headers) {
            (report.answers, report.isAllowed, report.end) = ([answer], false, .handshake)
            return
        }
        if let frame = authFrame {
            let answers = try await exchange(frame, &client)
            guard case .frame(let text)? = answers.first, text.hasPrefix(#"{"type":"auth_success""#) else {
                (report.answers, report.isAllowed, report.end) = (answers, false, .auth)
                return
            }
        }
        trace.watch(commandFrame)
        report.answers = try await exchange(commandFrame, &client)
        report.isAllowed = report.answers.allSatisfy { answer in
            if case .frame(let text) = answer { !text.hasPrefix(#"{"type":"error""#) } else { false }
        }
        try await look(&report)
    }

    /// Sends a frame, and takes what is answered to it.
    ///
    /// Frames are answered one after another: after the pong nothing is to come.
    private func exchange(_ frame: ByteBuffer, _ client: inout SimulatedClient) async throws -> [SimulationReport.Answer] {
        await client.send(frame)
        await client.send(ByteBuffer(string: #"{"type":"ping"}"#))
        var answers: [SimulationReport.Answer] = []
        while true {
            let answer = try await client.answer()
            if case .frame(let text) = answer {
                if text.hasPrefix(#"{"type":"pong""#) { return answers }
                answers.append(answer)
            } else {
                return answers + [answer]
            }
        }
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
    private func look(_ report: inout SimulationReport) async throws {
        let shard = core.shard(0)
        let examples = trace.examples
        let (principal, topics) = try await core.eventLoops[0].submit { [request] in
            let session = shard.value.sessions.values.first
            let subscription = (try? TopicPattern(request.topic)).flatMap { session?.subscriptions[$0] }
            return (
                session?.connection.principal,
                subscription.map { subscription in examples.map { ($0, subscription.admits($0.topic)) } } ?? []
            )
        }.get()
        report.principal = principal
        report.topics = topics.map { (example: $0.0, isGranted: $0.1) }
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
