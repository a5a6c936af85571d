internal import GatewayKit
internal import NIOCore

/// What a ``FrameDecoder`` keeps of an unfinished frame or message; made when needed, dropped when the message is complete.
final class PartialMessage {
    /// The kind of the message that has begun.
    private(set) var opcode: MessageOpcode?
    /// The data frames of the message so far.
    private(set) var fragments = 0
    private var payload = ByteBuffer()
    private var text = UTF8Validator()

    private var header = ByteBuffer()
    private var frame: FrameHeader?
    private var received = 0
    private var control = ByteBuffer()

    /// The bytes of the message so far.
    var payloadBytes: Int { payload.readableBytes }
    /// All bytes held.
    var heldBytes: Int { payload.readableBytes + header.readableBytes + control.readableBytes }
    /// Whether a header has begun and is not complete.
    var isMidHeader: Bool { header.readableBytes > 0 }
    /// Whether a frame has begun and is not complete.
    var isMidFrame: Bool { frame != nil || isMidHeader }
    /// Whether anything is unfinished.
    var isHolding: Bool { opcode != nil || isMidFrame }

    /// Keeps the first bytes of a header.
    func begin(header bytes: ByteBuffer) { header = ByteBuffer(bytes: bytes.readableBytesView) }

    /// Completes the header, byte for byte; nil where it needs more than came.
    func readHeader(_ buffer: inout ByteBuffer) throws(FrameError) -> FrameHeader? {
        while let byte = buffer.readInteger(as: UInt8.self) {
            header.writeInteger(byte)
            guard let found = try header.withUnsafeReadableBytes(FrameHeader.read) else { continue }
            header = ByteBuffer()
            return found
        }
        return nil
    }

    /// Begins a frame whose payload comes in pieces, by ``readPayload(_:)``.
    func begin(_ frame: FrameHeader) {
        self.frame = frame
        received = 0
        count(frame)
    }

    /// Takes masked bytes of the frame that has begun; answers with its header once it is complete.
    func readPayload(_ buffer: inout ByteBuffer) throws(FrameError) -> FrameHeader? {
        guard let frame else { return nil }
        let length = min(frame.length - received, buffer.readableBytes)
        if length > 0, var bytes = buffer.readSlice(length: length) {
            let mask = frame.mask.advanced(by: received)
            received += length
            if frame.opcode.isControl {
                control.writeUnmasked(&bytes, mask)
            } else {
                let start = payload.readableBytes
                payload.writeUnmasked(&bytes, mask)
                try checkText(from: start)
            }
        }
        guard received == frame.length else { return nil }
        self.frame = nil
        return frame
    }

    /// Takes a whole fragment that is unmasked already.
    func append(_ frame: FrameHeader, unmasked bytes: ByteBuffer) throws(FrameError) {
        count(frame)
        let start = payload.readableBytes
        payload.writeImmutableBuffer(bytes)
        try checkText(from: start)
    }

    /// Gives away the payload of a control frame.
    func takeControl() -> ByteBuffer {
        defer { control = ByteBuffer() }
        return control
    }

    /// Gives away the message.
    func takeMessage() throws(FrameError) -> (opcode: MessageOpcode, payload: ByteBuffer)? {
        guard let opcode else { return nil }
        if opcode == .text, !text.isComplete { throw .invalidUTF8 }
        return (opcode, payload)
    }

    private func count(_ frame: FrameHeader) {
        guard !frame.opcode.isControl else { return }
        fragments += 1
        if let first = frame.opcode.message { opcode = first }
    }

    /// Text is checked as it comes, so that a bad message fails at its first bad byte.
    private func checkText(from start: Int) throws(FrameError) {
        guard opcode == .text else { return }
        let isValid = payload.withUnsafeReadableBytes { text.consume(UnsafeRawBufferPointer(rebasing: $0[start...])) }
        if !isValid { throw .invalidUTF8 }
    }
}

extension ByteBuffer {
    fileprivate mutating func writeUnmasked(_ bytes: inout ByteBuffer, _ mask: FrameMask) {
        let start = readableBytes
        writeBuffer(&bytes)
        withUnsafeMutableReadableBytes { mask.apply(to: UnsafeMutableRawBufferPointer(rebasing: $0[start...])) }
    }
}
