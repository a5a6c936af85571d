/// What the last decision about a connection stands on, for whoever asks why.
enum DecisionGround: Sendable {
    /// A subscription is given back.
    case unsubscribed
    /// The back end has allowed the subscription when the client asked for it.
    case granted
    /// The back end has allowed the same within `cache_ttl`.
    case cached
    /// There is more data than the back end is told.
    case tooMuchData
    /// As many questions are under way as there may be.
    case tooManyQuestions
    /// The back end has answered, with that status.
    case answered(UInt)
}
