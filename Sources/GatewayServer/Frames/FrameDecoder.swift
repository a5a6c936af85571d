internal import GatewayKit
internal import NIOCore

/// Reads the frames of one client (RFC 6455): a value that does no I/O.
///
/// What it yields goes to the connection's session.
/// Between messages it holds nothing but its limit. A frame that comes whole within one read becomes a slice of that read; what is
/// unfinished is copied aside, so memory follows the bytes that came and never a length that was announced.
struct FrameDecoder {
    static let maxFragments = 1_000

    /// The most bytes a message may have, all fragments together; may be changed between messages.
    var maxMessageSize: Int
    /// Whether ``decode(_:into:)`` stops after each frame, so that what the frame brings about holds for the next one already.
    var stopsAfterFrame = false
    private let ownsReads: Bool
    private var isClosed = false
    private var partial: PartialMessage?

    /// Makes a decoder.
    ///
    /// - Parameters:
    ///   - maxMessageSize: The most bytes a message may have.
    ///   - ownsReads: Nobody else reads what is given to ``decode(_:into:)``, so it is unmasked where it lies although NIO's buffer
    ///     pool and the read event hold references to it too. Without it a shared buffer is copied first.
    init(maxMessageSize: Int, ownsReads: Bool = false) {
        self.maxMessageSize = maxMessageSize
        self.ownsReads = ownsReads
    }

    /// Whether a byte of a header or a fragment of an unfinished message is held.
    var isMidMessage: Bool { partial != nil }

    /// How many messages have begun so far that did not come whole within one read: tells one unfinished message from the next.
    private(set) var unfinishedCount = 0

    /// The bytes held for an unfinished message.
    var heldBytes: Int { partial?.heldBytes ?? 0 }

    /// Takes bytes as they were read and appends the frames that are complete.
    ///
    /// Takes all bytes unless ``stopsAfterFrame``. Frames before an error have been appended when it is thrown; the connection must not be
    /// read any further. After a close frame everything is discarded.
    mutating func decode(_ buffer: inout ByteBuffer, into frames: inout [IncomingFrame]) throws(FrameError) {
        if let partial, partial.isMidFrame {
            try resume(partial, &buffer, &frames)
            if stopsAfterFrame, !isClosed { return }
        }
        if !isClosed, buffer.readableBytes > 0 { unmaskFrames(in: &buffer) }
        while !isClosed, buffer.readableBytes > 0 {
            guard let header = try buffer.withUnsafeReadableBytes(FrameHeader.read) else {
                holding().begin(header: buffer)
                break
            }
            try admit(header)
            guard buffer.readableBytes - header.byteCount >= header.length else {
                buffer.moveReaderIndex(forwardBy: header.byteCount)
                let partial = holding()
                partial.begin(header)
                _ = try partial.readPayload(&buffer)
                return
            }
            buffer.moveReaderIndex(forwardBy: header.byteCount)
            guard let payload = buffer.readSlice(length: header.length) else { return }
            try accept(header, payload, &frames)
            if stopsAfterFrame, !isClosed { return }
        }
        buffer.moveReaderIndex(to: buffer.writerIndex)
    }

    // MARK: Frames that come whole

    private mutating func accept(_ header: FrameHeader, _ payload: ByteBuffer, _ frames: inout [IncomingFrame]) throws(FrameError) {
        if header.opcode.isControl { return try acceptControl(header.opcode, payload, &frames) }
        guard header.isFinal, let opcode = header.opcode.message else {
            try holding().append(header, unmasked: payload)
            if header.isFinal { try finishMessage(&frames) }
            return
        }
        if opcode == .text, !payload.withUnsafeReadableBytes(UTF8Validator.isValid) { throw .invalidUTF8 }
        frames.append(.message(opcode, payload))
    }

    private mutating func acceptControl(
        _ opcode: FrameOpcode, _ payload: ByteBuffer, _ frames: inout [IncomingFrame]
    ) throws(FrameError) {
        switch opcode {
        case .ping: frames.append(.ping(payload))
        case .pong: frames.append(.pong)
        default:
            frames.append(.close(code: try CloseCode.read(payload)))
            isClosed = true
            partial = nil
        }
    }

    /// Checks a frame against the message that it belongs to and the limits, before any of its payload is kept.
    private func admit(_ header: FrameHeader) throws(FrameError) {
        guard !header.opcode.isControl else { return }
        let isMidMessage = partial?.opcode != nil
        if header.opcode == .continuation, !isMidMessage { throw .protocolError("continuation without a message") }
        if header.opcode != .continuation, isMidMessage { throw .protocolError("message within a message") }
        if let partial, partial.fragments >= Self.maxFragments { throw .tooManyFragments }
        if header.length > maxMessageSize - (partial?.payloadBytes ?? 0) { throw .tooBig }
    }

    // MARK: Frames that come in pieces

    private mutating func holding() -> PartialMessage {
        if let partial { return partial }
        let made = PartialMessage()
        partial = made
        unfinishedCount &+= 1
        return made
    }

    private mutating func resume(
        _ partial: PartialMessage, _ buffer: inout ByteBuffer, _ frames: inout [IncomingFrame]
    ) throws(FrameError) {
        if partial.isMidHeader {
            guard let header = try partial.readHeader(&buffer) else { return }
            try admit(header)
            partial.begin(header)
        }
        guard let header = try partial.readPayload(&buffer) else { return }
        if header.opcode.isControl {
            let payload = partial.takeControl()
            if !partial.isHolding { self.partial = nil }
            try acceptControl(header.opcode, payload, &frames)
        } else if header.isFinal {
            try finishMessage(&frames)
        }
    }

    private mutating func finishMessage(_ frames: inout [IncomingFrame]) throws(FrameError) {
        guard let message = try partial?.takeMessage() else { return }
        partial = nil
        frames.append(.message(message.opcode, message.payload))
    }

    // MARK: Unmasking

    /// Unmasks every complete frame that will be read now, in one pass before any is sliced: a slice that somebody holds would force a copy
    /// of the whole buffer.
    private func unmaskFrames(in buffer: inout ByteBuffer) {
        if ownsReads {
            // Writing through a read-only pointer: sound, for the storage is malloc's, and `ownsReads` promises that only we look at it.
            buffer.withUnsafeReadableBytes { unmaskFrames(UnsafeMutableRawBufferPointer(mutating: $0)) }
        } else if buffer.modifyIfUniquelyOwned({ $0.withUnsafeMutableReadableBytes(unmaskFrames) }) == nil {
            // Copying what is readable; a copy on write would copy the capacity.
            buffer = ByteBuffer(bytes: buffer.readableBytesView)
            buffer.withUnsafeMutableReadableBytes(unmaskFrames)
        }
    }

    private func unmaskFrames(_ bytes: UnsafeMutableRawBufferPointer) {
        var start = 0
        while start < bytes.count {
            let rest = UnsafeMutableRawBufferPointer(rebasing: bytes[start...])
            guard let header = try? FrameHeader.read(UnsafeRawBufferPointer(rest)), rest.count - header.byteCount >= header.length else {
                return
            }
            let end = header.byteCount + header.length
            header.mask.apply(to: UnsafeMutableRawBufferPointer(rebasing: rest[header.byteCount..<end]))
            if stopsAfterFrame { return }
            start += end
        }
    }
}
