import GatewayKit
import NIOCore

/// An event on its way to another loop: its topics, each with the frame that its subscribers get.
struct EventRecord {
    var parts: [(topic: Topic, frame: ByteBuffer)] = []
    var single: (topic: Topic, frame: ByteBuffer)?

    /// Writes the number of parts that follow.
    static func begin(parts: Int, into buffer: inout ByteBuffer) {
        buffer.writeInteger(UInt16(clamping: parts))
    }

    /// Writes one topic with its frame.
    static func write(topic: Topic, frame: UnsafeRawBufferPointer, into buffer: inout ByteBuffer) {
        buffer.writeInteger(UInt16(clamping: topic.bytes.readableBytes))
        buffer.writeInteger(UInt32(clamping: frame.count))
        buffer.writeImmutableBuffer(topic.bytes)
        buffer.writeBytes(frame)
    }

    /// Reads the next record; nil at the end.
    static func read(_ buffer: inout ByteBuffer) -> EventRecord? {
        guard let count = buffer.readInteger(as: UInt16.self) else { return nil }
        var record = EventRecord()
        for _ in 0..<count {
            guard let topicLength = buffer.readInteger(as: UInt16.self), let frameLength = buffer.readInteger(as: UInt32.self),
                let topic = buffer.readSlice(length: Int(topicLength)), let frame = buffer.readSlice(length: Int(frameLength))
            else { return nil }
            let part = (Topic(unchecked: topic), frame)
            if count == 1 { record.single = part } else { record.parts.append(part) }
        }
        return record
    }
}
