/// A refusal told to a client over HTTP: before the 101, or in answer to any other request.
public struct HTTPRefusal: Error, Sendable {
    /// The HTTP status.
    public var status: Int
    /// `details.reason`.
    public var reason: Reason
    /// One sentence for people.
    public var message: String
    /// `details.field`, where a field of the body is at fault.
    public var field: String?
    /// `details.issue`: what is wrong with the field.
    public var issue: String?
    /// `details.topic`, where it is about one.
    public var topic: String?
    /// The header `Retry-After`, rounded up to whole seconds, and `details.retryAfterMs`.
    public var retryAfter: Duration?
    /// How many refused connections of one address group may wait for their answer; beyond it the socket is closed without one.
    public var maxWaiting: Int
    /// Header lines that the status needs: `Allow`, `WWW-Authenticate`.
    package var headers: [(name: String, value: String)] = []
    /// `details.errorId`: what to look for in the log; the core's alone.
    package var errorID: String?

    /// Makes a refusal.
    ///
    /// - Parameters:
    ///   - status: The HTTP status.
    ///   - reason: Why.
    ///   - message: One sentence for people.
    ///   - field: The field of the body at fault.
    ///   - issue: What is wrong with the field.
    ///   - retryAfter: When it may work again.
    ///   - maxWaiting: How many refused connections of one address group may wait for their answer.
    public init(
        status: Int, _ reason: Reason, _ message: String, field: String? = nil, issue: String? = nil, retryAfter: Duration? = nil,
        maxWaiting: Int = .max
    ) {
        self.status = status
        self.reason = reason
        self.message = message
        self.field = field
        self.issue = issue
        self.retryAfter = retryAfter
        self.maxWaiting = maxWaiting
    }

    /// The same refusal as a stage gave it, with its code for the status.
    public init(_ rejection: Rejection) {
        self.init(
            status: rejection.reason.code, rejection.reason, rejection.message, field: rejection.field, issue: rejection.issue,
            retryAfter: rejection.retryAfter)
        topic = rejection.topic
    }
}

extension HTTPRefusal: Equatable {
    /// Compares all but what the core adds.
    public static func == (left: Self, right: Self) -> Bool {
        left.status == right.status && left.reason == right.reason && left.message == right.message && left.field == right.field
            && left.issue == right.issue && left.topic == right.topic && left.retryAfter == right.retryAfter
            && left.maxWaiting == right.maxWaiting
    }
}
