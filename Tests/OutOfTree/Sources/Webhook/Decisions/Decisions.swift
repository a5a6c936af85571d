import GatewayKit
import NIOCore
import Synchronization

/// Decides on commands by what the back end says, or has said.
final class Decisions: Sendable {
    private let settings: WebhookSettings
    private let asked: AskedCommands
    private let cache: AnswerCache?
    private let granted: ConnectionSlot<GrantedSubscriptions>
    private let lastGround: ConnectionSlot<DecisionGround?>
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
        lastGround = context.slot("ground", initial: nil)
        clock = context.clock
        isSimulated = context.isTrial
    }

    func begin(_ backEnd: BackEnd) { self.backEnd.withLock { $0 = backEnd } }

    func decide(_ command: Command, _ connection: Connection) -> Verdict<Rejection> {
        guard let url = settings.url, asked.exemption(of: command) == nil else { return .proceed }
        let question = Question(command, connection, claims: settings.claims)
        if let ground = settled(command, question, connection, url) {
            connection[lastGround] = ground
            grant(command, question, connection, url)
            return .proceed
        }
        if let message = toldMessage(command), message.data.readableBytes > settings.maxData.bytes {
            connection[lastGround] = .tooMuchData
            let topic = command.pattern.description
            return .refuse(Rejection(.messageTooBig, "The data is larger than \(settings.maxData.settingText)", topic: topic))
        }
        return ask(question, command, connection, url)
    }

    /// Why the back end is not asked about such a command at all; nil where it is.
    func exemption(of command: Command) -> AskedCommands.Exemption? { asked.exemption(of: command) }

    /// What the last decision about a command of the connection stands on; nil where the back end has not answered.
    func ground(of connection: Connection) -> DecisionGround? { connection[lastGround] }

    /// Whether nothing but the back end can decide.
    func wouldAsk(about command: Command, _ connection: Connection) -> Bool {
        guard let url = settings.url, asked.exemption(of: command) == nil else { return false }
        return settled(command, Question(command, connection, claims: settings.claims), connection, url) == nil
    }

    /// Why nobody has to be asked: the command takes something back, stands already, or has been allowed a short while ago.
    private func settled(_ command: Command, _ question: Question, _ connection: Connection, _ url: BackEndURL) -> DecisionGround? {
        if command.action == .unsubscribe { return .unsubscribed }
        if command.isReevaluation, connection[granted].contains(question.key, by: url) { return .granted }
        return toldMessage(command) == nil && cache?.holds(question.key, clock.now) == true ? .cached : nil
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
        connection[lastGround] = nil
        // `gateway plan` asks modules that have not started; nobody can tell then.
        guard let backEnd = backEnd.withLock({ $0 }) else {
            return .later(connection.eventLoop.makeFailedFuture(BackEndFailure.notStarted))
        }
        let topic = command.pattern.description
        guard inFlight.wrappingAdd(1, ordering: .relaxed).newValue <= settings.maxInFlight else {
            inFlight.wrappingSubtract(1, ordering: .relaxed)
            connection[lastGround] = .tooManyQuestions
            return .refuse(Rejection(.overloaded, "Too many decisions are under way", topic: topic, retryAfter: .seconds(1)))
        }
        let message = toldMessage(command)
        let body = question.body(connection, message, isSimulated: isSimulated)
        let action = command.action
        let promise = connection.eventLoop.makePromise(of: (status: UInt, answer: Answer).self)
        promise.completeWithTask { [self] in
            defer { inFlight.wrappingSubtract(1, ordering: .relaxed) }
            let (status, body) = try await backEnd.ask(body, at: url)
            return (status, try Answer(status: status, body: body))
        }
        let verdict = promise.futureResult.assumeIsolated().map { [self] status, answer in
            connection[lastGround] = .answered(status)
            if answer == .allowed {
                grant(command, question, connection, url)
                if message == nil { cache?.add(question.key, clock.now) }
            }
            return answer.verdict(on: topic, action)
        }
        return .later(verdict.nonisolated())
    }
}
