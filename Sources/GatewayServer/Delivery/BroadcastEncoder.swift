import GatewayKit
import NIOCore

/// Writes the frame that all receivers of one broadcast share, header and all, into a block of memory of exactly its size.
struct BroadcastEncoder {
    let topic: ByteBuffer
    let message: Message
    let sender: ByteBuffer
    let payloadLength: Int

    private static let open: StaticString = #"{"type":"message","topic":""#
    private static let eventType: StaticString = #"","eventType":""#
    private static let data: StaticString = #"","data":"#
    private static let metadata: StaticString = #","metadata":{"#
    private static let timestamp: StaticString = #"},"timestamp":""#
    private static let close: StaticString = "\"}"

    init(topic: Topic, message: Message, sender: Sender) {
        self.topic = topic.bytes
        self.message = message
        self.sender = sender.members
        let fixed = [Self.open, Self.eventType, Self.data, Self.metadata, Self.timestamp, Self.close]
        payloadLength =
            fixed.reduce(0) { $0 + $1.utf8CodeUnitCount } + self.topic.readableBytes + message.eventType.readableBytes
            + message.data.readableBytes + message.metadata.readableBytes + (message.metadata.readableBytes > 0 ? 1 : 0)
            + self.sender.readableBytes + TimestampText.length
    }

    var frameLength: Int { FrameEncoder.headerLength(payloadLength) + payloadLength }

    /// Writes exactly ``frameLength`` bytes.
    func write(to start: UnsafeMutableRawPointer, timestamp: UnsafeRawBufferPointer) {
        var end = start + FrameEncoder.writeHeader(opcode: 1, length: payloadLength, into: start)
        func put(_ bytes: UnsafeRawBufferPointer) {
            guard let from = bytes.baseAddress else { return }
            end.copyMemory(from: from, byteCount: bytes.count)
            end += bytes.count
        }
        func put(_ text: StaticString) { put(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)) }
        func put(_ buffer: ByteBuffer) { buffer.withUnsafeReadableBytes { put($0) } }
        put(Self.open)
        put(topic)
        put(Self.eventType)
        put(message.eventType)
        put(Self.data)
        put(message.data)
        put(Self.metadata)
        if message.metadata.readableBytes > 0 {
            put(message.metadata)
            put(",")
        }
        put(sender)
        put(Self.timestamp)
        put(timestamp)
        put(Self.close)
    }
}
