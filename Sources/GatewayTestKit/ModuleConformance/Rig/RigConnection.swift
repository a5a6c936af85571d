import GatewayKit
import NIOCore

/// A connection without a socket on one of the rig's event loops, and what asks a module about it.
struct RigConnection: Sendable {
    let eventLoop: any EventLoop
    private let seat: NIOLoopBound<Seat>
    private let clock: ManualClock
    private let patience: Duration

    init(
        _ eventLoop: any EventLoop, _ address: ClientAddress, _ principal: Principal?, _ clock: ManualClock, patience: Duration
    ) async throws {
        self.eventLoop = eventLoop
        self.clock = clock
        self.patience = patience
        seat = try await eventLoop.submit {
            NIOLoopBound(Seat(eventLoop, address, principal, clock), eventLoop: eventLoop)
        }.get()
    }

    /// Asks a module one question after the other, as many in one turn of the loop as it answers at once.
    ///
    /// - Parameters:
    ///   - questions: The questions.
    ///   - crew: Whose module.
    ///   - pace: How much time passes before each question.
    /// - Returns: An answer for each; a verdict that failed is a defect.
    /// - Throws: ``Unmet`` where a verdict never comes.
    func ask(_ questions: [StageQuestion], of crew: ModuleCrew, pace: Duration = .zero) async throws -> [StageAnswer] {
        var answers: [StageAnswer] = []
        while answers.count < questions.count {
            let question = questions[answers.count]
            if let (request, route) = question.request(to: crew) {
                answers.append(try await answer(question, request, of: route, pace: pace))
                continue
            }
            let rest = questions[answers.count...]
            let (settled, pending) = try await eventLoop.submit { seat.value.ask(rest, of: crew.tested, pace: pace) }.get()
            answers += settled
            if let pending { answers.append(try await wait(for: pending, questions[answers.count])) }
        }
        return answers
    }

    /// Asks a route, if there is one.
    private func answer(_ question: StageQuestion, _ request: HTTPRequest, of route: HTTPRoute?, pace: Duration) async throws -> StageAnswer
    {
        guard let route else { return .none }
        clock.advance(by: pace)
        return try await within(patience, "an answer to \(question)") {
            let result: Result<HTTPResponse, any Error>
            do { result = .success(try await route.answer(request)) } catch { result = .failure(error) }
            return StageAnswer(result, of: route)
        }
    }

    private func wait(for future: EventLoopFuture<StageAnswer>, _ question: StageQuestion) async throws -> StageAnswer {
        try await within(patience, "a verdict on \(question)") {
            do { return try await future.get() } catch {
                // Failures open the core's circuit breaker, so a client that can cause them shuts the module out for all.
                return StageAnswer(text: StageAnswer.failed, defects: ["a verdict after .later, be it a refusal; got the error \(error)"])
            }
        }
    }

    /// Gives the connection back to a module of the accept stage.
    func release(to crew: ModuleCrew) async throws {
        try await turn("a return of released()") { (crew.tested as? any AcceptStage)?.released($0.connection) }
    }

    /// Runs `body` in a turn of the connection's loop.
    ///
    /// - Parameters:
    ///   - wanted: What is waited for, for the error.
    ///   - body: What a module is told.
    /// - Throws: ``Unmet`` where it does not return.
    func turn(_ wanted: @autoclosure () -> String, _ body: @escaping @Sendable (TestConnection) -> Void) async throws {
        try await within(patience, wanted()) { try await eventLoop.submit { seat.value.turn(body) }.get() }
    }

    /// What is wrong with what the module sent, and with how it closed the connection.
    func defects() async throws -> [String] { try await eventLoop.submit { seat.value.defects }.get() }
}

/// A connection and its time, on their loop.
private final class Seat {
    let client: TestConnection
    private let eventLoop: any EventLoop
    private let time: TurnTime
    private let clock: ManualClock

    private enum Step {
        case now(StageAnswer)
        case later(EventLoopFuture<StageAnswer>)
    }

    init(_ eventLoop: any EventLoop, _ address: ClientAddress, _ principal: Principal?, _ clock: ManualClock) {
        self.eventLoop = eventLoop
        self.clock = clock
        time = TurnTime(clock: clock.gatewayClock)
        client = TestConnection(eventLoop: eventLoop, address: address, time: time, principal: principal)
    }

    /// Asks until a module waits.
    func ask(
        _ questions: ArraySlice<StageQuestion>, of module: any Module, pace: Duration
    ) -> (answers: [StageAnswer], pending: EventLoopFuture<StageAnswer>?) {
        var answers: [StageAnswer] = []
        for question in questions {
            if question.isRequest { break }
            if pace > .zero { clock.advance(by: pace) }
            time.update()
            switch ask(question, of: module) {
            case .now(let answer): answers.append(answer)
            case .later(let future): return (answers, future)
            }
        }
        return (answers, nil)
    }

    private func ask(_ question: StageQuestion, of module: any Module) -> Step {
        let connection = client.connection
        switch question {
        case .accept:
            guard let stage = module as? any AcceptStage else { return .now(.none) }
            let verdict = stage.accept(connection)
            return step(verdict, verdict.pending) { StageAnswer($0).explained(by: module, .accept($0), connection) }
        case .handshake(let asked): return handshake(asked, module)
        case .auth(let credentials):
            guard let stage = module as? any AuthStage else { return .now(.none) }
            let verdict = stage.authenticate(credentials, connection)
            return step(verdict, verdict.pending) { StageAnswer($0).explained(by: module, .auth(credentials, $0), connection) }
        case .route(let asked): return route(asked, module)
        case .frame(let message):
            guard let stage = module as? any FrameStage else { return .now(.none) }
            let verdict = stage.frame(message, connection)
            return step(verdict, verdict.pending) { StageAnswer($0).explained(by: module, .frame(message, $0), connection) }
        case .deliver(let message, let backlog):
            guard let stage = module as? any DeliverStage else { return .now(.none) }
            return .now(StageAnswer(stage.deliver(message, to: connection, backlog: backlog)))
        case .http, .admin: return .now(.none)
        }
    }

    private func handshake(_ asked: UpgradeRequest, _ module: any Module) -> Step {
        guard let stage = module as? any HandshakeStage else { return .now(.none) }
        var request = asked
        let verdict = stage.handshake(&request, client.connection)
        let accepted = request.acceptedSubprotocol
        return step(verdict, verdict.pending) { [connection = client.connection] verdict in
            var answer = StageAnswer(verdict)
            if let accepted, answer.isProceed, !asked.offeredSubprotocols.contains(accepted) {
                answer.defects.append("one of the offered subprotocols \(asked.offeredSubprotocols); got '\(accepted)'")
            }
            return answer.explained(by: module, .handshake(asked, verdict), connection)
        }
    }

    private func route(_ asked: Command, _ module: any Module) -> Step {
        guard let stage = module as? any RouteStage else { return .now(.none) }
        var command = asked
        let verdict = stage.route(&command, client.connection)
        return step(verdict, verdict.pending) { [command, connection = client.connection] verdict in
            var answer = StageAnswer(verdict)
            if answer.isProceed { answer.defects += CommandForm.defects(asked, changedTo: command, connection) }
            return answer.explained(by: module, .command(asked, verdict), connection)
        }
    }

    private func step<Value: Sendable>(_ value: Value, _ pending: EventLoopFuture<Value>?, _ judge: @escaping (Value) -> StageAnswer)
        -> Step
    {
        guard let pending else { return .now(judge(value)) }
        return .later(pending.hop(to: eventLoop).assumeIsolated().map(judge).nonisolated())
    }

    func turn(_ body: (TestConnection) -> Void) {
        time.update()
        body(client)
    }

    var defects: [String] {
        let texts = client.sent.filter { $0.opcode == .text }.map(\.payload)
        let broken = texts.filter { $0.withUnsafeReadableBytes { String(validating: $0, as: UTF8.self) } == nil }
        return broken.map { "UTF-8 in a text message that is sent; got \($0.readableBytes) bytes: \(String(buffer: $0).prefix(40))" }
            + client.closed.flatMap { RefusalForm.defects($0) }
    }
}

@available(*, unavailable)
extension Seat: Sendable {}

extension Verdict {
    fileprivate var pending: EventLoopFuture<Verdict>? { if case .later(let future) = self { future } else { nil } }
}

extension AuthVerdict {
    fileprivate var pending: EventLoopFuture<AuthVerdict>? { if case .later(let future) = self { future } else { nil } }
}

extension FrameVerdict {
    fileprivate var pending: EventLoopFuture<FrameVerdict>? { if case .later(let future) = self { future } else { nil } }
}
