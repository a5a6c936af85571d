internal import GatewayKit
internal import NIOCore

extension ClientFrame {
    /// A topic has at most 255 bytes: no more are unescaped than show that it has too many.
    static let maxTopicText = 256
    static let maxTopics = 1_000

    /// The patterns that a `subscribe` or `unsubscribe` frame names, by `topic` or by `topics`.
    ///
    /// - Parameter maxTopics: The most that `topics` may list.
    /// - Returns: At least one pattern.
    /// - Throws: What the client is told.
    func patterns(maxTopics: Int = ClientFrame.maxTopics) throws(Rejection) -> [TopicPattern] {
        guard let list = fields[.topics] else {
            return [try Self.pattern(try text(.topic, limit: Self.maxTopicText), .topic)]
        }
        guard fields[.topic] == nil else { throw .invalid(.topics, "must not stand beside topic") }
        guard firstByte(list) == UInt8(ascii: "[") else { throw .invalid(.topics, "must be a list of strings") }
        let patterns = try patterns(in: list, maxTopics: maxTopics)
        guard !patterns.isEmpty else { throw .invalid(.topics, "must not be empty") }
        return patterns
    }

    private func patterns(in list: ByteRange, maxTopics: Int) throws(Rejection) -> [TopicPattern] {
        var patterns: [TopicPattern] = []
        var fault: Rejection?
        payload.withUnsafeReadableBytes { bytes in
            var scanner = JSONScanner(bytes)
            scanner.position = Int(list.start)
            // The list is valid JSON, so the only failure is our own way out.
            try? scanner.readElements(depth: 0) { (scanner) throws(JSONScanner.Failure) in
                do throws(Rejection) {
                    patterns.append(try pattern(at: &scanner, count: patterns.count, maxTopics: maxTopics))
                } catch {
                    fault = error
                    throw .malformed
                }
            }
        }
        if let fault { throw fault }
        return patterns
    }

    private func pattern(at scanner: inout JSONScanner, count: Int, maxTopics: Int) throws(Rejection) -> TopicPattern {
        guard count < maxTopics else { throw .invalid(.topics, "must not list more than \(maxTopics)") }
        let start = scanner.position
        guard scanner.next == UInt8(ascii: "\""), let hasEscapes = try? scanner.skipString() else {
            throw .invalid(.topics, "must be a list of strings")
        }
        return try Self.pattern(text(ByteRange(start, scanner.position), hasEscapes: hasEscapes, limit: Self.maxTopicText), .topics)
    }

    private static func pattern(_ text: ByteBuffer, _ field: FrameField) throws(Rejection) -> TopicPattern {
        do throws(TopicError) {
            return try TopicPattern(text)
        } catch {
            throw .invalid(field, error)
        }
    }
}
