import GatewayKit
import NIOCore

/// Stands in a module's place in a simulation: asks it, and writes down what it answers, in which time, and why.
///
/// In a stage that the module does not serve, it has no objection and leaves no trace.
final class RecordedModule: AcceptStage, HandshakeStage, AuthStage, RouteStage, FrameStage {
    static let name = "recorded"
    static let summary = "Stands in a module's place in a simulation."

    private let module: any Module
    private let configured: ConfiguredModule
    private let trace: SimulationTrace

    init(_ module: any Module, _ configured: ConfiguredModule, _ trace: SimulationTrace) {
        (self.module, self.configured, self.trace) = (module, configured, trace)
    }

    init(settings: NoSettings, context: ModuleContext) throws {
        throw ModuleError("there is nothing to record")
    }

    func start() async throws { try await module.start() }
    func stop() async { await module.stop() }

    func accept(_ connection: Connection) -> Verdict<HTTPRefusal> {
        guard let stage = module as? any AcceptStage else { return .proceed }
        return record(.accept, connection, { stage.accept(connection) }, { .accept($0) })
    }

    func released(_ connection: Connection) { (module as? any AcceptStage)?.released(connection) }

    func handshake(_ request: inout UpgradeRequest, _ connection: Connection) -> Verdict<HTTPRefusal> {
        guard let stage = module as? any HandshakeStage else { return .proceed }
        var changed = request
        defer { request = changed }
        return record(.handshake, connection, { stage.handshake(&changed, connection) }, { [request] in .handshake(request, $0) })
    }

    func authenticate(_ credentials: Credentials, _ connection: Connection) -> AuthVerdict {
        guard let stage = module as? any AuthStage else { return .abstain }
        return record(.auth, connection, { stage.authenticate(credentials, connection) }, { .auth(credentials, $0) })
    }

    func route(_ command: inout Command, _ connection: Connection) -> Verdict<Rejection> {
        guard let stage = module as? any RouteStage else { return .proceed }
        var changed = command
        defer { command = changed }
        return record(.route, connection, { stage.route(&changed, connection) }, { [command] in .command(command, $0) })
    }

    func frame(_ message: FrameMessage, _ connection: Connection) -> FrameVerdict {
        guard let stage = module as? any FrameStage else { return .proceed }
        guard trace.isWatched(message.payload) else { return stage.frame(message, connection) }
        return record(.route, connection, { stage.frame(message, connection) }, { .frame(message, $0) })
    }

    private func record<V: RecordedVerdict>(
        _ stage: Stage, _ connection: Connection, _ ask: () -> V, _ decision: @escaping (V) -> StageDecision
    ) -> V {
        let common = configured.common
        let step = trace.begin(
            SimulatedStep(
                stage: stage, module: configured.instance, isObserved: stage != .auth && common.mode == .observe,
                forgivesFailure: stage != .auth && common.forgivesFailure))
        let began = NIODeadline.now()
        let verdict = ask()
        guard let future = verdict.awaited else {
            end(step, .success(verdict), since: began, connection, decision)
            return verdict
        }
        // On the connection's loop, and before the core gets it.
        let hopped = future.hop(to: connection.eventLoop)
        hopped.assumeIsolated().whenComplete { [self] in end(step, $0, since: began, connection, decision) }
        return .later(hopped)
    }

    private func end<V: RecordedVerdict>(
        _ step: Int, _ result: Result<V, any Error>, since began: NIODeadline, _ connection: Connection, _ decision: (V) -> StageDecision
    ) {
        let duration = Duration.nanoseconds((NIODeadline.now() - began).nanoseconds)
        let (outcome, explanation): (SimulatedStep.Outcome, StageExplanation?)
        switch result {
        case .success(let verdict):
            outcome = verdict.outcome ?? .failed("a verdict that waits for another one")
            explanation = (module as? any ExplainingStage)?.explain(decision(verdict), connection)
        case .failure(let error):
            let why = String(describing: error)
            (outcome, explanation) = (.failed(why), StageExplanation(why))
        }
        let place = explanation?.setting.flatMap { configured.node?[path: $0.split(separator: ".").map(String.init)]?.place }
        trace.end(step) { step in
            (step.outcome, step.duration, step.explanation, step.settingPlace) = (outcome, duration, explanation, place)
        }
    }
}
