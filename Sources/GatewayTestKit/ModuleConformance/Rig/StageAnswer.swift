import GatewayKit

/// What a module answered.
struct StageAnswer: Sendable {
    /// What tells it from another answer: `proceed`, `refuse rate_limited`.
    let text: String
    /// What is wrong with it.
    var defects: [String] = []

    /// Whether the module let a connection in, which it has to be given back then.
    var isProceed: Bool { text == Self.proceed.text }

    static let proceed = StageAnswer(text: "proceed")
    /// The answer of a stage that the module does not serve.
    static let none = StageAnswer(text: "nothing")
    /// A future that brings a future.
    private static let nested = StageAnswer(text: "later", defects: ["a verdict after .later; got another .later"])

    /// The text where an error came in place of an answer.
    static let failed = "failed"

    init(text: String, defects: [String] = []) {
        self.text = text
        self.defects = defects
    }

    init(_ verdict: Verdict<HTTPRefusal>) {
        switch verdict {
        case .proceed: self = .proceed
        case .refuse(let refusal): self.init(text: "refuse \(refusal.reason)", defects: RefusalForm.defects(refusal))
        case .later: self = .nested
        }
    }

    init(_ verdict: Verdict<Rejection>) {
        switch verdict {
        case .proceed: self = .proceed
        case .refuse(let rejection): self.init(text: "refuse \(rejection.reason)", defects: RefusalForm.defects(rejection))
        case .later: self = .nested
        }
    }

    init(_ verdict: AuthVerdict) {
        switch verdict {
        case .abstain: self.init(text: "abstain")
        case .accepted(let principal):
            let defects = principal.userID.isEmpty ? ["a principal with a user id; got an empty one"] : []
            self.init(text: "accepted \(principal.userID)", defects: defects)
        case .rejected(let reason): self.init(text: "rejected \(reason)", defects: RefusalForm.defects(reason))
        case .later: self = .nested
        }
    }

    init(_ verdict: FrameVerdict) {
        switch verdict {
        case .proceed: self = .proceed
        case .handled: self.init(text: "handled")
        case .refuse(let rejection): self.init(text: "refuse \(rejection.reason)", defects: RefusalForm.defects(rejection))
        case .later: self = .nested
        }
    }

    init(_ verdict: DeliverVerdict) { self.init(text: "\(verdict)") }

    /// What a route answered, or threw.
    init(_ result: Result<HTTPResponse, any Error>, of route: HTTPRoute) {
        switch result {
        case .success(let response):
            self.init(text: "\(response.status)", defects: ResponseForm.defects(response, of: route))
        case .failure(let error as HTTPRefusal): self.init(error, of: route)
        case .failure(let error as Rejection): self.init(HTTPRefusal(error), of: route)
        case .failure(let error):
            self.init(
                text: Self.failed,
                defects: ["an HTTPRefusal or a Rejection as the only errors of a route; got \(type(of: error)): \(error)"])
        }
    }

    private init(_ refusal: HTTPRefusal, of route: HTTPRoute) {
        self.init(
            text: "refuse \(refusal.reason)",
            defects: RefusalForm.defects(refusal) + ResponseForm.defects(refusalStatus: refusal.status, of: route))
    }

    /// The same, with what is wrong with the module's explanation.
    func explained(by module: any Module, _ decision: @autoclosure () -> StageDecision, _ connection: Connection) -> StageAnswer {
        guard let explanation = (module as? any ExplainingStage)?.explain(decision(), connection) else { return self }
        var answer = self
        if explanation.text.isEmpty { answer.defects.append("an explanation with a text; got an empty one") }
        if (explanation.text + (explanation.help ?? "")).contains(HostileInputs.secret) {
            answer.defects.append("an explanation without a secret; got '\(explanation.text)'")
        }
        return answer
    }
}
