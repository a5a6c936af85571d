import GatewayKit
import NIOCore
import Synchronization

/// Decides on commands by what the back end says, or has said.
final class Decisions: Sendable {
    private let settings: WebhookSettings
    private let asked: AskedCommands
    private let cache: AnswerCache?
    private let granted: ConnectionSlot<GrantedSubscriptions>
    private let clock: GatewayClock
    private let isSimulated: Bool
    private let inFlight = Atomic<Int>(0)
    /// From the start on.
    private let backEnd = Mutex<BackEnd?>(nil)

    init(_ settings: WebhookSettings, _ context: ModuleContext) {
        self.settings = settings
        asked = AskedCommands(settings)
        cache = settings.cacheTTL.map { AnswerCache(ttl: $0, maxEntries: settings.cacheSize) }
        granted = context.slot("granted", initial: GrantedSubscriptions())
        clock = context.clock
        isSimulated = context.isTrial
    }

    func begin(_ backEnd: BackEnd) { self.backEnd.withLock { $0 = backEnd } }

    func decide(_ command: Command, _ connection: Connection) -> Verdict<Rejection> {
        guard asked.contains(command), let url = settings.url else { return .proceed }
        let question = Question(command, connection, claims: settings.claims)
        if isSettled(command, question, connection, url) {
            grant(command, question, connection, url)
            return .proceed
        }
        if let message = toldMessage(command), message.data.readableBytes > settings.maxData.bytes {
            let topic = command.pattern.description
            return .refuse(Rejection(.messageTooBig, "The data is larger than \(settings.maxData.settingText)", topic: topic))
        }
        return ask(question, command, connection, url)
    }

    /// Whether the back end is asked about such a command at all.
    func isAsked(about command: Command) -> Bool { asked.contains(command) }

    /// Whether nothing but the back end can decide.
    func wouldAsk(about command: Command, _ connection: Connection) -> Bool {
        guard asked.contains(command), let url = settings.url else { return false }
        return !isSettled(command, Question(command, connection, claims: settings.claims), connection, url)
    }

    /// Whether nobody has to be asked: for it takes something back, stands already, or has been allowed a short while ago.
    private func isSettled(_ command: Command, _ question: Question, _ connection: Connection, _ url: BackEndURL) -> Bool {
        if command.action == .unsubscribe { return true }
        if command.isReevaluation, connection[granted].contains(question.key, by: url) { return true }
        return toldMessage(command) == nil && cache?.holds(question.key, clock.now) ?? false
    }

    /// What the back end is told of a message; nil where it is told nothing, or nothing is published.
    private func toldMessage(_ command: Command) -> Message? { settings.sendData ? command.message : nil }

    private func grant(_ command: Command, _ question: Question, _ connection: Connection, _ url: BackEndURL) {
        switch command.action {
        case .subscribe: connection[granted].insert(question.key, by: url)
        case .unsubscribe: connection[granted].remove(question.key)
        case .publish, .ingress: break
        }
    }

    private func ask(_ question: Question, _ command: Command, _ connection: Connection, _ url: BackEndURL) -> Verdict<Rejection> {
        // `gateway plan` asks modules that have not started; nobody can tell then.
        guard let backEnd = backEnd.withLock({ $0 }) else {
            return .later(connection.eventLoop.makeFailedFuture(BackEndFailure.notStarted))
        }
        let topic = command.pattern.description
        guard inFlight.wrappingAdd(1, ordering: .relaxed).newValue <= settings.maxInFlight else {
            inFlight.wrappingSubtract(1, ordering: .relaxed)
            return .refuse(Rejection(.overloaded, "Too many decisions are under way", topic: topic, retryAfter: .seconds(1)))
        }
        let message = toldMessage(command)
        let body = question.body(connection, message, isSimulated: isSimulated)
        let action = command.action
        let promise = connection.eventLoop.makePromise(of: Answer.self)
        promise.completeWithTask { [self] in
            defer { inFlight.wrappingSubtract(1, ordering: .relaxed) }
            let (status, body) = try await backEnd.ask(body, at: url)
            return try Answer(status: status, body: body)
        }
        let verdict = promise.futureResult.assumeIsolated().map { [self] answer in
            if answer == .allowed {
                grant(command, question, connection, url)
                if message == nil { cache?.add(question.key, clock.now) }
            }
            return answer.verdict(on: topic, action)
        }
        return .later(verdict.nonisolated())
    }
}
