internal import GatewayKit
internal import NIOCore

extension ClientFrame {
    /// What a `message` frame publishes, and where.
    func publish() throws(Rejection) -> (topic: TopicPattern, message: Message) {
        let topic = try topic()
        guard let data = fields[.data] else { throw .missing(.data) }
        return (TopicPattern(topic), Message(data: slice(data), metadata: try metadata(), eventType: try eventType()))
    }

    private func topic() throws(Rejection) -> Topic {
        let text = try text(.topic, limit: Self.maxTopicText)
        do throws(TopicError) {
            return try Topic(text)
        } catch {
            throw .invalid(.topic, error)
        }
    }

    private func metadata() throws(Rejection) -> ByteBuffer {
        guard let range = fields[.metadata] else { return ByteBuffer() }
        guard firstByte(range) == UInt8(ascii: "{") else { throw .invalid(.metadata, "must be an object") }
        if fields.metadataNamesSender {
            do throws(JSONScanner.Failure) {
                return try payload.withUnsafeReadableBytes { (bytes) throws(JSONScanner.Failure) in
                    try MetadataMembers.unreserved(range.slice(of: bytes))
                }
            } catch {
                throw .invalid(.metadata, "must be an object")
            }
        }
        let members = payload.withUnsafeReadableBytes { MetadataMembers.range(of: range.slice(of: $0)) }
        guard !members.isEmpty else { return ByteBuffer() }
        return slice(ByteRange(Int(range.start) + members.lowerBound, Int(range.start) + members.upperBound))
    }

    private func eventType() throws(Rejection) -> ByteBuffer {
        guard fields[.eventType] != nil else { return Self.messageSent }
        let text = try text(.eventType, limit: Self.maxEventType + 1)
        let isValid = 1...Self.maxEventType ~= text.readableBytes && text.withUnsafeReadableBytes { $0.allSatisfy(Self.isEventTypeByte) }
        guard isValid else { throw .invalid(.eventType, "must be 1 to \(Self.maxEventType) letters, digits, '.', '_' or '-'") }
        return text
    }

    private static func isEventTypeByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }

    private static let maxEventType = 64
    private static let messageSent = ByteBuffer(string: "message.sent")
}
