import GatewayKit
import NIOCore
import Testing

@testable import GatewayServer

@Suite struct FrameDecoderTests {
    @Test func `the masked text frame of RFC 6455 section 5 dot 7 is Hello`() {
        let bytes: [UInt8] = [0x81, 0x85, 0x37, 0xFA, 0x21, 0x3D, 0x7F, 0x9F, 0x4D, 0x51, 0x58]
        #expect(ClientFrames.decode(bytes).frames == [.message(.text, ByteBuffer(string: "Hello"))])
    }

    @Test(arguments: [0, 1, 7, 8, 9, 125, 126, 127, 65_535, 65_536, 70_001])
    func `a binary message of any length comes out unmasked`(length: Int) {
        let payload = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let (frames, error) = ClientFrames.decode(ClientFrames.frame(0x82, payload))
        #expect(error == nil)
        #expect(frames == [.message(.binary, ByteBuffer(bytes: payload))])
    }

    @Test(arguments: 1...60, [false, true])
    func `bytes may be split anywhere`(chunk: Int, ownsReads: Bool) {
        let bytes =
            ClientFrames.text("grüße 🎈") + ClientFrames.frame(0x01, Array("fünf".utf8.prefix(2))) + ClientFrames.frame(0x89, [1, 2, 3])
            + ClientFrames.frame(0x00, []) + ClientFrames.frame(0x80, Array("fünf".utf8.dropFirst(2))) + ClientFrames.frame(0x8A, [])
            + ClientFrames.frame(0x82, Array(repeating: 7, count: 200)) + ClientFrames.frame(0x88, [0x03, 0xE8, 0x62, 0x79, 0x65])
        let (frames, error) = ClientFrames.decode(bytes, chunk: chunk, ownsReads: ownsReads)
        #expect(error == nil)
        #expect(
            frames == [
                .message(.text, ByteBuffer(string: "grüße 🎈")), .ping(ByteBuffer(bytes: [1, 2, 3])),
                .message(.text, ByteBuffer(string: "fünf")), .pong, .message(.binary, ByteBuffer(repeating: 7, count: 200)),
                .close(code: 1000),
            ])
    }

    @Test func `a whole frame is a slice of the read`() throws {
        let bytes = ClientFrames.text("one") + ClientFrames.text("two")
        var decoder = FrameDecoder(maxMessageSize: 100)
        var frames: [IncomingFrame] = []
        let read = ByteBuffer(bytes: bytes)
        let address = read.withUnsafeReadableBytes { UInt(bitPattern: $0.baseAddress) }
        try decoder.decode(consume read, into: &frames)
        let payloads = frames.map { if case .message(_, let payload) = $0 { payload } else { ByteBuffer() } }
        #expect(payloads.map { $0.withUnsafeReadableBytes { UInt(bitPattern: $0.baseAddress) } } == [address + 6, address + 15])
    }

    @Test func `a read that others hold is left as it is`() throws {
        let read = ByteBuffer(bytes: ClientFrames.text("shared"))
        var decoder = FrameDecoder(maxMessageSize: 100)
        var frames: [IncomingFrame] = []
        try decoder.decode(read, into: &frames)
        #expect(read == ByteBuffer(bytes: ClientFrames.text("shared")))
        #expect(frames == [.message(.text, ByteBuffer(string: "shared"))])
    }

    @Test func `a decoder that owns its reads unmasks them where they lie`() throws {
        let read = ByteBuffer(bytes: ClientFrames.text("shared"))
        var decoder = FrameDecoder(maxMessageSize: 100, ownsReads: true)
        var frames: [IncomingFrame] = []
        try decoder.decode(read, into: &frames)
        #expect(read.getString(at: 6, length: 6) == "shared")
        #expect(frames == [.message(.text, ByteBuffer(string: "shared"))])
    }

    @Test(
        arguments: [
            [0x81, 0x05] + Array("Hello".utf8), [0xC1, 0x80, 0, 0, 0, 0], [0xA1, 0x80, 0, 0, 0, 0], [0x91, 0x80, 0, 0, 0, 0],
            ClientFrames.frame(0x83, []), ClientFrames.frame(0x8B, []), ClientFrames.frame(0x09, []), ClientFrames.frame(0x08, []),
            ClientFrames.frame(0x89, Array(repeating: 0, count: 126)), ClientFrames.frame(0x80, []), ClientFrames.frame(0x00, [1]),
            ClientFrames.frame(0x01, [65]) + ClientFrames.frame(0x81, [65]), ClientFrames.frame(0x02, []) + ClientFrames.frame(0x02, []),
            ClientFrames.frame(0x82, [1], lengthBytes: 2), ClientFrames.frame(0x82, Array(repeating: 1, count: 125), lengthBytes: 2),
            ClientFrames.frame(0x82, [1], lengthBytes: 8), ClientFrames.frame(0x82, Array(repeating: 1, count: 65_535), lengthBytes: 8),
            [0x82, 0xFF, 0x80, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4], ClientFrames.frame(0x88, [3]),
        ] as [[UInt8]])
    func `what RFC 6455 forbids is a protocol error, whole or byte by byte`(bytes: [UInt8]) {
        #expect(ClientFrames.decode(bytes).error?.isProtocolError == true)
        #expect(ClientFrames.decode(bytes, chunk: 1).error?.isProtocolError == true)
    }

    @Test func `a wrong first byte is told before the second`() {
        #expect(ClientFrames.decode([0xC1]).error?.isProtocolError == true)
        #expect(ClientFrames.decode([0x83]).error?.isProtocolError == true)
    }

    @Test func `frames before an error come out`() {
        let (frames, error) = ClientFrames.decode(ClientFrames.text("good") + ClientFrames.frame(0x83, []))
        #expect(frames == [.message(.text, ByteBuffer(string: "good"))])
        #expect(error?.isProtocolError == true)
    }

    @Test func `nothing after a close frame is read`() throws {
        let bytes = ClientFrames.frame(0x88, []) + ClientFrames.text("late") + [0xFF, 0xFF]
        let (frames, error) = ClientFrames.decode(bytes)
        #expect(frames == [.close(code: nil)])
        #expect(error == nil)
        #expect(ClientFrames.decode(bytes, chunk: 3).frames == [.close(code: nil)])
    }

    @Test func `nothing is held between messages`() throws {
        var decoder = FrameDecoder(maxMessageSize: 100)
        var frames: [IncomingFrame] = []
        for byte in ClientFrames.frame(0x01, [65]) + ClientFrames.frame(0x80, [66]) {
            try decoder.decode(ByteBuffer(bytes: [byte]), into: &frames)
            #expect(decoder.isMidMessage == frames.isEmpty)
        }
        #expect(decoder.heldBytes == 0)
        #expect(frames == [.message(.text, ByteBuffer(string: "AB"))])
    }

    @Test func `a single byte of a header is a message begun`() throws {
        var decoder = FrameDecoder(maxMessageSize: 100)
        var frames: [IncomingFrame] = []
        try decoder.decode(ByteBuffer(bytes: [0x81]), into: &frames)
        #expect(decoder.isMidMessage)
        #expect(decoder.heldBytes == 1)
    }
}
