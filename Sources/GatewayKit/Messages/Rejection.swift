/// A refusal told to a client in an error frame.
public struct Rejection: Error, Sendable, Equatable {
    /// Why.
    public var reason: Reason
    /// One sentence for people; no secret, no payload.
    public var message: String
    /// `details.field`, where a field of the frame is at fault.
    public var field: String?
    /// `details.issue`: what is wrong with the field.
    public var issue: String?
    /// `details.topic`, where it is about one.
    public var topic: String?
    /// `details.retryAfterMs`: when it may work again.
    public var retryAfter: Duration?

    /// Makes a refusal.
    ///
    /// - Parameters:
    ///   - reason: Why.
    ///   - message: One sentence for people; no secret, no payload.
    ///   - field: The field of the frame at fault.
    ///   - issue: What is wrong with the field.
    ///   - topic: The topic that it is about.
    ///   - retryAfter: When it may work again.
    public init(
        _ reason: Reason, _ message: String, field: String? = nil, issue: String? = nil, topic: String? = nil,
        retryAfter: Duration? = nil
    ) {
        self.reason = reason
        self.message = message
        self.field = field
        self.issue = issue
        self.topic = topic
        self.retryAfter = retryAfter
    }
}
