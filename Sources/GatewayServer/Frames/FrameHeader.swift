/// The head of one client frame (RFC 6455, 5.2).
struct FrameHeader {
    let isFinal: Bool
    let opcode: FrameOpcode
    /// The length of the payload.
    let length: Int
    let mask: FrameMask
    /// The length of the head itself.
    let byteCount: Int

    /// Reads the head at the start of `bytes`; nil where more bytes are needed.
    ///
    /// A fault is told as soon as its byte is there.
    static func read(_ bytes: UnsafeRawBufferPointer) throws(FrameError) -> FrameHeader? {
        guard bytes.count > 0 else { return nil }
        let first = bytes[0]
        guard first & 0x70 == 0 else { throw .protocolError("reserved bit set") }
        guard let opcode = FrameOpcode(rawValue: first & 0x0F) else { throw .protocolError("unknown opcode") }
        let isFinal = first & 0x80 != 0
        if opcode.isControl, !isFinal { throw .protocolError("fragmented control frame") }
        guard bytes.count > 1 else { return nil }
        guard bytes[1] & 0x80 != 0 else { throw .protocolError("frame without a mask") }
        let short = Int(bytes[1] & 0x7F)
        if opcode.isControl, short > 125 { throw .protocolError("control frame longer than 125 bytes") }
        let maskOffset = short < 126 ? 2 : short == 126 ? 4 : 10
        guard bytes.count >= maskOffset + 4 else { return nil }
        return FrameHeader(
            isFinal: isFinal, opcode: opcode, length: try length(short, bytes),
            mask: FrameMask(key: UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: maskOffset, as: UInt32.self))),
            byteCount: maskOffset + 4)
    }

    private static func length(_ short: Int, _ bytes: UnsafeRawBufferPointer) throws(FrameError) -> Int {
        if short < 126 { return short }
        if short == 126 {
            let length = Int(UInt16(bigEndian: bytes.loadUnaligned(fromByteOffset: 2, as: UInt16.self)))
            guard length > 125 else { throw .protocolError("length not in its shortest form") }
            return length
        }
        let length = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 2, as: UInt64.self))
        guard length > 0xFFFF else { throw .protocolError("length not in its shortest form") }
        guard let length = Int(exactly: length) else { throw .protocolError("length with its highest bit set") }
        return length
    }
}
