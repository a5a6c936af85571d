import GatewayKit
import NIOCore

/// What travels through Redis: one event with all its topics, or a probe.
///
/// Integers are big-endian.
enum Envelope {
    /// Who sent it, and its number among what they sent: it rises with each event, so that copies are known.
    struct Stamp: Equatable {
        let origin: UInt64
        let sequence: UInt64
    }

    case event(Event, Stamp)
    case probe(Stamp)
    case revocation(ByteBuffer)

    private enum Kind: UInt8 {
        case event = 0x45
        case probe = 0x50
        case revocation = 0x52
    }

    /// Rises where gateways of before could not read what is sent; they drop what has another one, and say so.
    private static let version: UInt8 = 1
    private static let headLength = 2 + 16

    // MARK: Writing

    /// How long an event becomes.
    static func length(of event: Event) -> Int {
        let topics = event.otherTopics.reduce(1 + event.topic.bytes.readableBytes) { $0 + 1 + $1.bytes.readableBytes }
        let message = event.message
        return headLength + 2 + topics + 2 + message.eventType.readableBytes + 4 + event.sender.members.readableBytes + 4
            + message.metadata.readableBytes + 4 + message.data.readableBytes
    }

    /// Writes an event: exactly ``length(of:)`` bytes.
    static func write(_ event: Event, _ stamp: Stamp, into buffer: inout ByteBuffer) {
        writeHead(.event, stamp, into: &buffer)
        buffer.writeInteger(UInt16(clamping: 1 + event.otherTopics.count))
        write(short: event.topic.bytes, into: &buffer)
        for topic in event.otherTopics { write(short: topic.bytes, into: &buffer) }
        buffer.writeInteger(UInt16(clamping: event.message.eventType.readableBytes))
        buffer.writeImmutableBuffer(event.message.eventType)
        write(long: event.sender.members, into: &buffer)
        write(long: event.message.metadata, into: &buffer)
        write(long: event.message.data, into: &buffer)
    }

    /// Writes a probe.
    static func write(probe stamp: Stamp, into buffer: inout ByteBuffer) { writeHead(.probe, stamp, into: &buffer) }

    /// How long a probe is.
    static let probeLength = headLength

    /// What says that something was revoked.
    static func revocation(_ member: String) -> ByteBuffer {
        var buffer = ByteBuffer()
        buffer.writeInteger(version)
        buffer.writeInteger(Kind.revocation.rawValue)
        buffer.writeString(member)
        return buffer
    }

    private static func writeHead(_ kind: Kind, _ stamp: Stamp, into buffer: inout ByteBuffer) {
        buffer.writeInteger(version)
        buffer.writeInteger(kind.rawValue)
        buffer.writeInteger(stamp.origin)
        buffer.writeInteger(stamp.sequence)
    }

    private static func write(short bytes: ByteBuffer, into buffer: inout ByteBuffer) {
        buffer.writeInteger(UInt8(clamping: bytes.readableBytes))
        buffer.writeImmutableBuffer(bytes)
    }

    private static func write(long bytes: ByteBuffer, into buffer: inout ByteBuffer) {
        buffer.writeInteger(UInt32(clamping: bytes.readableBytes))
        buffer.writeImmutableBuffer(bytes)
    }

    // MARK: Reading

    /// Whether there is anything that makes an event too long for its numbers.
    static func fits(_ event: Event) -> Bool {
        event.otherTopics.count < UInt16.max && event.message.eventType.readableBytes <= Int(UInt16.max)
            && length(of: event) <= RESPReader.maxString
    }

    /// Reads what came; nil for what no gateway of this version writes.
    static func read(_ payload: ByteBuffer) -> Envelope? {
        var payload = payload
        guard payload.readInteger() == version, let kind = payload.readInteger().flatMap(Kind.init) else { return nil }
        if case .revocation = kind { return .revocation(payload) }
        guard let origin = payload.readInteger(as: UInt64.self), let sequence = payload.readInteger(as: UInt64.self) else { return nil }
        let stamp = Stamp(origin: origin, sequence: sequence)
        switch kind {
        case .event: return event(&payload).map { .event($0, stamp) }
        case .probe: return payload.readableBytes == 0 ? .probe(stamp) : nil
        case .revocation: return nil
        }
    }

    private static func event(_ payload: inout ByteBuffer) -> Event? {
        guard let count = payload.readInteger(as: UInt16.self), count > 0, let first = topic(&payload) else { return nil }
        var others: [Topic] = []
        for _ in 1..<Int(count) {
            guard let other = topic(&payload) else { return nil }
            others.append(other)
        }
        guard let eventType = payload.readInteger(as: UInt16.self).flatMap({ payload.readSlice(length: Int($0)) }),
            let sender = long(&payload), let metadata = long(&payload), let data = long(&payload), payload.readableBytes == 0
        else { return nil }
        return Event(
            topic: first, otherTopics: others, message: Message(data: data, metadata: metadata, eventType: eventType),
            sender: Sender(carried: sender))
    }

    private static func topic(_ payload: inout ByteBuffer) -> Topic? {
        payload.readInteger(as: UInt8.self).flatMap { payload.readSlice(length: Int($0)) }.flatMap { Topic(carried: $0) }
    }

    private static func long(_ payload: inout ByteBuffer) -> ByteBuffer? {
        payload.readInteger(as: UInt32.self).flatMap { payload.readSlice(length: Int($0)) }
    }
}
