internal import NIOCore

/// Writes server frames: never masked, never fragmented (RFC 6455, 5.2).
enum FrameEncoder {
    /// The length of the header before a payload: 2, 4 or 10 bytes.
    static func headerLength(_ payloadLength: Int) -> Int { payloadLength < 126 ? 2 : payloadLength <= 0xFFFF ? 4 : 10 }

    /// Writes a header.
    ///
    /// - Parameters:
    ///   - opcode: The four bits.
    ///   - length: The length of the payload.
    ///   - pointer: Room for ``headerLength(_:)`` bytes.
    /// - Returns: The bytes written.
    static func writeHeader(opcode: UInt8, length: Int, into pointer: UnsafeMutableRawPointer) -> Int {
        pointer.storeBytes(of: 0x80 | opcode & 0x0F, as: UInt8.self)
        switch headerLength(length) {
        case 2:
            pointer.storeBytes(of: UInt8(truncatingIfNeeded: length), toByteOffset: 1, as: UInt8.self)
            return 2
        case 4:
            pointer.storeBytes(of: 126, toByteOffset: 1, as: UInt8.self)
            pointer.storeBytes(of: UInt16(truncatingIfNeeded: length).bigEndian, toByteOffset: 2, as: UInt16.self)
            return 4
        default:
            pointer.storeBytes(of: 127, toByteOffset: 1, as: UInt8.self)
            pointer.storeBytes(of: UInt64(truncatingIfNeeded: length).bigEndian, toByteOffset: 2, as: UInt64.self)
            return 10
        }
    }

    /// A whole frame in one buffer.
    static func frame(opcode: UInt8, payload: ByteBuffer) -> ByteBuffer {
        let length = payload.readableBytes
        var frame = ByteBufferAllocator().buffer(capacity: headerLength(length) + length)
        frame.writeWithUnsafeMutableBytes(minimumWritableBytes: headerLength(length)) { bytes in
            bytes.baseAddress.map { writeHeader(opcode: opcode, length: length, into: $0) } ?? 0
        }
        frame.writeImmutableBuffer(payload)
        return frame
    }

    /// The payload of a close frame.
    ///
    /// - Parameters:
    ///   - code: The close code.
    ///   - reason: Cut to the 123 bytes that fit, never within a scalar.
    /// - Returns: The code and the reason.
    static func closePayload(code: UInt16, reason: String) -> ByteBuffer {
        var payload = ByteBufferAllocator().buffer(capacity: 125)
        payload.writeInteger(code)
        for scalar in reason.unicodeScalars {
            guard payload.readableBytes + scalar.utf8.count <= 125 else { break }
            payload.writeBytes(scalar.utf8)
        }
        return payload
    }

    /// A close frame, header and all; see ``closePayload(code:reason:)``.
    static func close(code: UInt16, reason: String) -> ByteBuffer {
        frame(opcode: FrameOpcode.close.rawValue, payload: closePayload(code: code, reason: reason))
    }
}
