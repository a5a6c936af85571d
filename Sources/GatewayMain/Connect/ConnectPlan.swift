import Foundation
import GatewayKit

/// What the client does when: authenticate, subscribe, publish, then listen.
///
/// A value: it is told what happened and answers with what to do, and does no I/O itself.
struct ConnectPlan {
    /// What is to be done.
    enum Action: Equatable {
        /// Send a text message.
        case send(String)
        /// Print a line for whoever reads standard output.
        case show(String)
        /// Print a line for people.
        case tell(String)
        /// Send what is typed from now on; then close, or go on listening.
        case readInput(thenClose: Bool)
        /// Close with 1000 and end with the status.
        case finish(Int32)
    }

    /// What is published.
    struct Publication: Equatable {
        let topic: String
        /// JSON, as it was given.
        let data: String
    }

    private enum Step: Equatable {
        case authenticating
        case subscribing(Set<String>)
        case publishing
        case listening
    }

    private static let publishID = "publish"
    private let token: String?
    private let signatureHint: String?
    private let subscriptions: [String]
    private let publication: Publication?
    private var step = Step.listening

    /// Makes a plan.
    ///
    /// - Parameters:
    ///   - token: What to authenticate with; nil for nothing.
    ///   - signatureHint: What to look at where the gateway does not know the token's signature.
    ///   - subscriptions: Topics and patterns.
    ///   - publication: What to publish.
    init(token: String?, signatureHint: String? = nil, subscriptions: [String], publication: Publication?) {
        self.token = token
        self.signatureHint = signatureHint
        self.subscriptions = subscriptions
        self.publication = publication
    }

    /// Whether everything that was asked for has been done.
    var isListening: Bool { step == .listening }

    /// The connection is open.
    mutating func opened() -> [Action] {
        guard let token else { return subscribe() }
        step = .authenticating
        return [.send(#"{"type":"auth","token":\#(JSONText.quoted(token))}"#)]
    }

    /// A text message came.
    mutating func received(_ text: String) -> [Action] {
        // Line feeds in JSON stand between its tokens alone, where a space does as well.
        let line = text.unicodeScalars.map { ["\r", "\n", "\t"].contains($0) ? " " : $0 }
        let shown = Action.show(TerminalText.escaped(String(String.UnicodeScalarView(line))))
        let frame = try? JSONDecoder().decode(ServerFrame.self, from: Data(text.utf8))
        return [shown] + (frame.map { next(after: $0) } ?? [])
    }

    private mutating func next(after frame: ServerFrame) -> [Action] {
        let id = frame.requestId ?? frame.details?.requestId
        switch (step, frame.type) {
        case (.authenticating, "auth_success"): return subscribe()
        case (.authenticating, "auth_error"):
            let hint = frame.details?.reason == "invalid_signature" ? signatureHint.map { Action.tell("help: \($0)") } : nil
            return [.tell("the token was refused: \(frame.reason)")] + (hint.map { [$0] } ?? []) + [.finish(ExitStatus.failure)]
        case (.subscribing(var waiting), "subscribed"):
            guard let id, waiting.remove(id) != nil else { return [] }
            step = .subscribing(waiting)
            return waiting.isEmpty ? publish() : []
        case (.subscribing(let waiting), "error") where id.map(waiting.contains) == true:
            return [.tell("the subscription was refused: \(frame.reason)"), .finish(ExitStatus.failure)]
        case (.publishing, "ack") where id == Self.publishID: return listen()
        case (.publishing, "error") where id == Self.publishID:
            return [.tell("the message was refused: \(frame.reason)"), .finish(ExitStatus.failure)]
        case (.authenticating, "error"), (.subscribing, "error"), (.publishing, "error"):
            // What the gateway cannot read it answers without an id, and no other answer comes.
            guard id == nil, !frame.isNotice else { return [] }
            return [.tell("the gateway answered: \(frame.reason)"), .finish(ExitStatus.failure)]
        default: return []
        }
    }

    private mutating func subscribe() -> [Action] {
        guard !subscriptions.isEmpty else { return publish() }
        let requests = subscriptions.enumerated().map { (id: "subscribe-\($0 + 1)", topic: $1) }
        step = .subscribing(Set(requests.map(\.id)))
        return requests.map { .send(#"{"type":"subscribe","topic":\#(JSONText.quoted($0.topic)),"id":"\#($0.id)"}"#) }
    }

    private mutating func publish() -> [Action] {
        guard let publication else { return listen() }
        step = .publishing
        let topic = JSONText.quoted(publication.topic)
        return [.send(#"{"type":"message","topic":\#(topic),"data":\#(publication.data),"id":"\#(Self.publishID)","ack":true}"#)]
    }

    private mutating func listen() -> [Action] {
        step = .listening
        // Who only publishes is done once the gateway has the message.
        if publication != nil, subscriptions.isEmpty { return [.finish(ExitStatus.success)] }
        // Without a subscription nothing more is to be expected once the input has ended.
        return [.readInput(thenClose: subscriptions.isEmpty)]
    }
}

/// What the client reads of a frame.
private struct ServerFrame: Decodable {
    struct Details: Decodable {
        let reason: String?
        let requestId: String?
    }
    let type: String
    let code: Int?
    let message: String?
    let requestId: String?
    let details: Details?

    /// Whether an error says something that nobody asked.
    var isNotice: Bool { details?.reason == "token_expiring" }

    /// Code, reason and message, as far as there are any.
    var reason: String {
        let words = [code.map(String.init), details?.reason, message.map { "(\($0))" }].compactMap { $0 }
        return TerminalText.escaped(words.joined(separator: " "))
    }
}
