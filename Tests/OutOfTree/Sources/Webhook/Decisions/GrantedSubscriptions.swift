import NIOCore

/// The subscriptions of one connection that the back end has allowed: after a reload, or with a renewed token, it is asked about the same
/// again only where something has changed that it was told.
///
/// Without it every reload would ask about every subscription of every client at once. Where it is full it forgets all, and they are asked
/// about again.
struct GrantedSubscriptions: Sendable {
    static let maxQuestions = 1000
    private var url = ""
    private var questions: Set<ByteBuffer> = []

    /// Whether the back end at that URL has allowed it.
    func contains(_ question: ByteBuffer, by url: BackEndURL) -> Bool { self.url == url.text && questions.contains(question) }

    /// The back end has allowed it.
    mutating func insert(_ question: ByteBuffer, by url: BackEndURL) {
        if self.url != url.text || questions.count >= Self.maxQuestions { questions = [] }
        self.url = url.text
        questions.insert(question)
    }

    /// The client has unsubscribed.
    mutating func remove(_ question: ByteBuffer) { questions.remove(question) }
}
