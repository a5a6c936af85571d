import GatewayKit
import NIOCore

/// The frames that the gateway sends to one client.
///
/// Broadcasts are encoded elsewhere, once for all.
enum ServerFrame {
    case authSuccess(ReplyTo, userID: String)
    case authError(ReplyTo, Reason)
    case subscribed(ReplyTo)
    case unsubscribed(ReplyTo, reason: Reason?)
    case pong(ReplyTo)
    case ack(ReplyTo)
    case error(Rejection, ReplyTo, errorID: String? = nil)
    case gap(Gap)

    /// Writes the JSON text.
    func write(to buffer: inout ByteBuffer, timestamp: UnsafeRawBufferPointer) {
        switch self {
        case .authSuccess(let reply, let userID):
            buffer.writeStaticString(#"{"type":"auth_success","userId":"#)
            buffer.writeJSON(userID)
            buffer.writeMember("requestId", raw: reply.id)
        case .authError(let reply, let reason):
            buffer.writeStaticString(#"{"type":"auth_error","message":"Invalid token","code":401,"details":{"reason":"#)
            buffer.writeJSON(reason.slug)
            buffer.writeMember("requestId", raw: reply.id)
            buffer.writeMember("index", reply.index)
            buffer.writeStaticString("}")
        case .subscribed(let reply): Self.writeTopicFrame("subscribed", reply, to: &buffer)
        case .unsubscribed(let reply, let reason):
            Self.writeTopicFrame("unsubscribed", reply, to: &buffer)
            if let reason { buffer.writeString(",\"details\":{\"reason\":\"\(reason.slug)\"}") }
        case .ack(let reply): Self.writeTopicFrame("ack", reply, to: &buffer)
        case .pong(let reply):
            buffer.writeStaticString(#"{"type":"pong""#)
            buffer.writeMember("requestId", raw: reply.id)
        case .error(let rejection, let reply, let errorID): Self.writeError(rejection, reply, errorID, to: &buffer)
        case .gap(let gap): Self.writeGap(gap, to: &buffer)
        }
        buffer.writeStaticString(#","timestamp":""#)
        buffer.writeBytes(timestamp)
        buffer.writeStaticString("\"}")
    }

    private static func writeTopicFrame(_ type: StaticString, _ reply: ReplyTo, to buffer: inout ByteBuffer) {
        buffer.writeStaticString("{\"type\":\"")
        buffer.writeStaticString(type)
        buffer.writeStaticString("\",\"topic\":\"")
        // A topic has no character that JSON escapes.
        if let topic = reply.topic { buffer.writeImmutableBuffer(topic) }
        buffer.writeStaticString("\"")
        buffer.writeMember("requestId", raw: reply.id)
    }

    private static func writeErrorHead(_ rejection: Rejection, to buffer: inout ByteBuffer) {
        buffer.writeString("{\"type\":\"error\",\"code\":\(rejection.reason.code),\"message\":")
        buffer.writeJSON(rejection.message)
        buffer.writeStaticString(",\"details\":{\"reason\":")
        buffer.writeJSON(rejection.reason.slug)
    }

    private static func writeGap(_ gap: Gap, to buffer: inout ByteBuffer) {
        writeErrorHead(Gap.rejection, to: &buffer)
        buffer.writeStaticString(",\"topics\":[")
        for (index, topic) in gap.topics.enumerated() {
            buffer.writeStaticString(index == 0 ? "\"" : ",\"")
            buffer.writeImmutableBuffer(topic.bytes)
            buffer.writeStaticString("\"")
        }
        buffer.writeStaticString("]")
        buffer.writeMember("more", gap.more > 0 ? gap.more : nil)
        buffer.writeString(",\"dropped\":\(gap.dropped.map(String.init) ?? "null"),\"since\":\"\(gap.since.text)\"}")
    }

    private static func writeError(_ rejection: Rejection, _ reply: ReplyTo, _ errorID: String?, to buffer: inout ByteBuffer) {
        writeErrorHead(rejection, to: &buffer)
        buffer.writeMember("field", rejection.field)
        buffer.writeMember("issue", rejection.issue)
        buffer.writeMember("topic", rejection.topic ?? reply.topic.map { String(buffer: $0) })
        if let retryAfter = rejection.retryAfter {
            // Rounded up: who waits that long gets through.
            buffer.writeString(",\"retryAfterMs\":\(max(0, retryAfter.nanoseconds - 1) / 1_000_000 + 1)")
        }
        buffer.writeMember("requestId", raw: reply.id)
        buffer.writeMember("index", reply.index)
        buffer.writeMember("errorId", errorID)
        buffer.writeStaticString("}")
    }
}

extension ByteBuffer {
    fileprivate mutating func writeMember(_ name: StaticString, raw value: ByteBuffer?) {
        guard let value else { return }
        writeKey(name)
        writeImmutableBuffer(value)
    }

    fileprivate mutating func writeMember(_ name: StaticString, _ value: String?) {
        guard let value else { return }
        writeKey(name)
        writeJSON(value)
    }

    fileprivate mutating func writeMember(_ name: StaticString, _ value: Int?) {
        guard let value else { return }
        writeKey(name)
        writeString(String(value))
    }

    private mutating func writeKey(_ name: StaticString) {
        writeStaticString(",\"")
        writeStaticString(name)
        writeStaticString("\":")
    }
}
