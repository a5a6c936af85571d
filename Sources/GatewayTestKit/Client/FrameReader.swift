import NIOCore

/// Reads a server's frames and puts messages together, holding the server to RFC 6455.
///
/// Shares no code with the server.
struct FrameReader {
    private var message: (opcode: UInt8, payload: ByteBuffer)?

    /// The next message or control frame; nil where more bytes are needed.
    ///
    /// After a violation nothing more is read.
    mutating func read(_ buffer: inout ByteBuffer) -> Received? {
        while let frame = Self.frame(&buffer) {
            if let violation = check(frame) { return .violation(violation) }
            if let received = take(frame) { return received }
        }
        return nil
    }

    private struct Frame {
        let first: UInt8
        let isMasked: Bool
        let isShortest: Bool
        var payload: ByteBuffer
        var isFinal: Bool { first & 0x80 != 0 }
        var opcode: UInt8 { first & 15 }
        var isControl: Bool { opcode & 8 != 0 }
    }

    private static func frame(_ buffer: inout ByteBuffer) -> Frame? {
        var rest = buffer
        guard let first = rest.readInteger(as: UInt8.self), let second = rest.readInteger(as: UInt8.self) else { return nil }
        var length = UInt64(second & 127)
        var least = UInt64(0)
        if length == 126 {
            guard let long = rest.readInteger(as: UInt16.self) else { return nil }
            (length, least) = (UInt64(long), 126)
        } else if length == 127 {
            guard let long = rest.readInteger(as: UInt64.self) else { return nil }
            (length, least) = (long, 65536)
        }
        let isMasked = second & 0x80 != 0
        guard !isMasked || rest.readInteger(as: UInt32.self) != nil else { return nil }
        guard let count = Int(exactly: length), let payload = rest.readSlice(length: count) else { return nil }
        buffer = rest
        return Frame(first: first, isMasked: isMasked, isShortest: length >= least, payload: payload)
    }

    private func check(_ frame: Frame) -> String? {
        if frame.isMasked { return "a server's frame is masked" }
        if frame.first & 0x70 != 0 { return "reserved bits are set" }
        if !frame.isShortest { return "the length is not in its shortest form" }
        switch frame.opcode {
        case 0: return message == nil ? "a continuation of nothing" : nil
        case 1, 2: return message == nil ? nil : "a new message inside another one"
        case 8, 9, 10:
            if !frame.isFinal { return "a control frame in fragments" }
            return frame.payload.readableBytes > 125 ? "a control frame of \(frame.payload.readableBytes) bytes" : nil
        default: return "opcode \(frame.opcode)"
        }
    }

    private mutating func take(_ frame: Frame) -> Received? {
        var payload = frame.payload
        switch frame.opcode {
        case 8: return Self.close(&payload)
        case 9: return .ping(Array(buffer: payload))
        case 10: return .pong(Array(buffer: payload))
        case 0: message?.payload.writeBuffer(&payload)
        default: message = (frame.opcode, payload)
        }
        guard frame.isFinal, let whole = message else { return nil }
        message = nil
        guard whole.opcode == 1 else { return .binary(Array(buffer: whole.payload)) }
        guard let text = String(validating: whole.payload.readableBytesView, as: UTF8.self) else {
            return .violation("text that is no UTF-8")
        }
        return .text(text)
    }

    private static func close(_ payload: inout ByteBuffer) -> Received {
        guard payload.readableBytes > 0 else { return .close(code: 1005, reason: "") }
        guard let code = payload.readInteger(as: UInt16.self) else { return .violation("a close frame of one byte") }
        guard [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011].contains(code) || (3000...4999).contains(code) else {
            return .violation("close code \(code)")
        }
        guard let reason = String(validating: payload.readableBytesView, as: UTF8.self) else {
            return .violation("a close reason that is no UTF-8")
        }
        return .close(code: Int(code), reason: reason)
    }
}
