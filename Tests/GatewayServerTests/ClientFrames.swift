import NIOCore

@testable import GatewayServer

/// Frames as a client sends them, for tests: masked.
enum ClientFrames {
    static let key: [UInt8] = [0x37, 0xFA, 0x21, 0x3D]

    /// One frame.
    ///
    /// - Parameters:
    ///   - first: FIN, reserved bits and opcode.
    ///   - payload: Before masking.
    ///   - lengthBytes: 0, 2 or 8; nil for the shortest form.
    /// - Returns: The frame's bytes.
    static func frame(_ first: UInt8, _ payload: [UInt8], lengthBytes: Int? = nil) -> [UInt8] {
        let length = payload.count
        var frame = [first]
        switch lengthBytes ?? (length < 126 ? 0 : length <= 0xFFFF ? 2 : 8) {
        case 0: frame.append(0x80 | UInt8(length))
        case 2: frame += [0x80 | 126, UInt8(length >> 8), UInt8(length & 0xFF)]
        default: frame += [0x80 | 127] + (0..<8).map { UInt8(UInt64(length) >> (56 - 8 * UInt64($0)) & 0xFF) }
        }
        return frame + key + payload.enumerated().map { $0.element ^ key[$0.offset % 4] }
    }

    static func text(_ text: String) -> [UInt8] { frame(0x81, Array(text.utf8)) }

    /// Feeds the bytes in chunks, each in a buffer of its own, and gives what comes out, with the error at the end.
    static func decode(
        _ bytes: [UInt8], chunk: Int = .max, limit: Int = 1 << 20, ownsReads: Bool = false
    ) -> (frames: [IncomingFrame], error: FrameError?) {
        var decoder = FrameDecoder(maxMessageSize: limit, ownsReads: ownsReads)
        var frames: [IncomingFrame] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            do throws(FrameError) {
                try decoder.decode(ByteBuffer(bytes: rest.prefix(chunk)), into: &frames)
            } catch {
                return (frames, error)
            }
            rest = rest.dropFirst(chunk)
        }
        return (frames, nil)
    }
}

extension FrameDecoder {
    /// Decodes a buffer that nobody needs any more.
    mutating func decode(_ buffer: consuming ByteBuffer, into frames: inout [IncomingFrame]) throws(FrameError) {
        var buffer = consume buffer
        try decode(&buffer, into: &frames)
    }
}

extension FrameError {
    /// Whether it is a protocol error, whatever its text.
    var isProtocolError: Bool { if case .protocolError = self { true } else { false } }
}
