import GatewayKit
import NIOCore

/// What the back end says about a question.
enum Answer: Equatable {
    case allowed
    /// No, with a reason and a sentence of the back end's own where it gave some that can be passed on.
    case refused(reason: String?, message: String?)

    /// Reads an answer: 204 is a yes, `{"allow": true}` or `{"allow": false, "reason": …, "message": …}` with 200 to 299 what it says, and
    /// a status that finds fault with the question a no.
    ///
    /// - Throws: ``BackEndFailure`` for everything else: who cannot answer has not decided.
    init(status: UInt, body: ByteBuffer) throws(BackEndFailure) {
        if Self.blamesQuestion(status) {
            // What an error page says was written for developers, and not for clients.
            self = .refused(reason: nil, message: nil)
            return
        }
        guard (200..<300).contains(status) else { throw .status(status) }
        if status == 204 {
            self = .allowed
            return
        }
        guard let object = JSONObject(json: body), case .bool(let isAllowed)? = object["allow"] else { throw .unreadable }
        self =
            isAllowed
            ? .allowed
            : .refused(
                reason: object["reason"]?.string.flatMap { Self.isSlug($0) ? $0 : nil },
                message: object["message"]?.string.flatMap { Self.isSentence($0) ? $0 : nil })
    }

    /// Whether it is what was asked that is at fault, and so the client, who must not be able to cause failures: they open the circuit
    /// breaker, for everybody.
    ///
    /// The others of 400 to 499 are about the gateway: it may not ask (401, 407), or not now (408, 425, 429).
    private static func blamesQuestion(_ status: UInt) -> Bool {
        (400..<500).contains(status) && ![401, 407, 408, 425, 429].contains(status)
    }

    /// Clients look at reasons and compare them: a word in snake_case.
    private static func isSlug(_ text: String) -> Bool {
        guard let first = text.utf8.first, text.utf8.count <= 64, (97...122).contains(first) else { return false }
        return text.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == UInt8(ascii: "_") }
    }

    private static func isSentence(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 256 && text.unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) }
    }

    /// What becomes of the command.
    func verdict(on topic: String, _ action: Command.Action) -> Verdict<Rejection> {
        switch self {
        case .allowed: .proceed
        case .refused(let reason, let message):
            .refuse(
                Rejection(
                    reason.map { Reason($0, code: 403) } ?? .forbidden, message ?? "Not allowed to \(Self.verb(action)) '\(topic)'",
                    topic: topic))
        }
    }

    private static func verb(_ action: Command.Action) -> String {
        switch action {
        case .subscribe: "subscribe to"
        case .unsubscribe: "unsubscribe from"
        case .publish, .ingress: "publish to"
        }
    }
}
