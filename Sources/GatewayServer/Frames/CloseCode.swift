internal import NIOCore

/// The payload of a close frame (RFC 6455, 5.5.1 and 7.4).
enum CloseCode {
    /// Reads the code; nil where the frame is empty.
    static func read(_ payload: ByteBuffer) throws(FrameError) -> UInt16? {
        var payload = payload
        guard payload.readableBytes > 0 else { return nil }
        guard let code = payload.readInteger(as: UInt16.self) else { throw .protocolError("close frame of one byte") }
        guard isValid(code) else { throw .protocolError("close code \(code)") }
        guard payload.withUnsafeReadableBytes(UTF8Validator.isValid) else { throw .invalidUTF8 }
        return code
    }

    /// Whether a code may stand in a close frame: registered by RFC 6455, or for libraries and applications.
    static func isValid(_ code: UInt16) -> Bool {
        switch code {
        case 1000...1003, 1007...1011, 3000...4999: true
        default: false
        }
    }
}
