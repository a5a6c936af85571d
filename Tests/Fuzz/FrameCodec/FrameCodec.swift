import Fuzzing
import GatewayKit
import NIOCore

@testable import GatewayServer

/// Frames in, whole and in pieces: the same comes out, and what came out can be encoded and read again.
@main enum FrameCodecTarget {
    static func main() {
        runFuzzer { data, size in
            FrameCodecTarget.check(input(data, size))
            return 0
        }
    }

    static func check(_ bytes: [UInt8]) {
        guard bytes.count > 1 else { return }
        let wire = Array(bytes.dropFirst())
        let whole = decode(wire, chunk: wire.count)
        let pieces = decode(wire, chunk: 1 + Int(bytes[0]) % 17)
        // A fault in text may be told before or after the frames around it, as the bytes come; the frames before it are the same.
        require((whole.error == nil) == (pieces.error == nil), "an error \(String(describing: whole.error)) depends on how bytes are split")
        require(
            pieces.frames.starts(with: whole.frames) || whole.frames.starts(with: pieces.frames), "frames depend on how bytes are split")
        if whole.error == nil {
            require(whole.frames == pieces.frames, "frames depend on how bytes are split")
            require(whole.held == pieces.held, "the decoder is mid-message or not as bytes are split")
        }
        reencode(whole.frames)
    }

    private static func decode(_ bytes: [UInt8], chunk: Int) -> (frames: [IncomingFrame], error: FrameError?, held: Bool) {
        var decoder = FrameDecoder(maxMessageSize: 4_096, ownsReads: chunk % 2 == 0)
        var frames: [IncomingFrame] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            var read = ByteBuffer(bytes: rest.prefix(chunk))
            do throws(FrameError) {
                try decoder.decode(&read, into: &frames)
            } catch {
                return (frames, error, false)
            }
            require(decoder.heldBytes <= 4_096 + 14 + 125, "more is held than the limit")
            require(decoder.isMidMessage || decoder.heldBytes == 0, "bytes are held between messages")
            rest = rest.dropFirst(chunk)
        }
        return (frames, nil, decoder.isMidMessage)
    }

    /// Encodes as the server does, masks as a client has to, and decodes again.
    private static func reencode(_ frames: [IncomingFrame]) {
        var wire: [UInt8] = []
        for frame in frames {
            switch frame {
            case .message(let opcode, let payload): wire += masked(FrameEncoder.frame(opcode: opcode.rawValue, payload: payload))
            case .ping(let payload): wire += masked(FrameEncoder.frame(opcode: 9, payload: payload))
            case .pong: wire += masked(FrameEncoder.frame(opcode: 10, payload: ByteBuffer()))
            case .close(let code?): wire += masked(FrameEncoder.close(code: code, reason: "fuzz"))
            case .close(nil): wire += masked(FrameEncoder.frame(opcode: 8, payload: ByteBuffer()))
            }
        }
        let again = decode(wire, chunk: max(1, wire.count))
        require(again.error == nil && again.frames == frames, "what was encoded reads differently")
    }

    private static func masked(_ frame: ByteBuffer) -> [UInt8] {
        var bytes = Array(frame.readableBytesView)
        let headerLength = bytes[1] < 126 ? 2 : bytes[1] == 126 ? 4 : 10
        let key: [UInt8] = [0xA5, 0x5A, 0x01, 0xFE]
        bytes[1] |= 0x80
        let payload = bytes[headerLength...].enumerated().map { $0.element ^ key[$0.offset % 4] }
        return Array(bytes[..<headerLength]) + key + payload
    }
}
