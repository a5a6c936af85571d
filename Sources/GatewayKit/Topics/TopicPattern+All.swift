private import NIOCore

extension TopicPattern {
    /// `**`, which matches every topic.
    public static let all = TopicPattern(everyTopic: ByteBuffer(string: "**"))

    private init(everyTopic bytes: ByteBuffer) {
        self.bytes = bytes
        hasWildcards = true
    }
}
