import GatewayKit
import NIOCore
import Testing

@testable import GatewayServer

@Suite struct FrameLimitTests {
    @Test func `a message of exactly the limit passes and one byte more does not`() {
        #expect(ClientFrames.decode(ClientFrames.frame(0x82, Array(repeating: 1, count: 200)), limit: 200).error == nil)
        #expect(ClientFrames.decode(ClientFrames.frame(0x82, Array(repeating: 1, count: 201)), limit: 200).error == .tooBig)
    }

    @Test(
        arguments: [[0x82, 0xFE, 0x10, 0x00, 1, 2, 3, 4], [0x82, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1, 2, 3, 4]]
            as [[UInt8]])
    func `too big is decided from the header alone`(header: [UInt8]) {
        #expect(ClientFrames.decode(header, limit: 1000).error == .tooBig)
        #expect(ClientFrames.decode(header, chunk: 1, limit: 1000).error == .tooBig)
    }

    @Test func `the lengths of fragments are added up`() {
        let part = Array(repeating: UInt8(1), count: 60)
        let whole = ClientFrames.frame(0x02, part) + ClientFrames.frame(0x80, part)
        #expect(ClientFrames.decode(whole, limit: 120).error == nil)
        #expect(ClientFrames.decode(whole, limit: 119).error == .tooBig)
        #expect(
            ClientFrames.decode(ClientFrames.frame(0x02, part) + [0x80, 0xFF, 0x7F] + Array(repeating: 0xFF, count: 11), limit: 120).error
                == .tooBig)
    }

    @Test func `control frames do not count against the limit`() {
        let bytes =
            ClientFrames.frame(0x02, [1]) + ClientFrames.frame(0x89, Array(repeating: 1, count: 125)) + ClientFrames.frame(0x80, [2])
        #expect(ClientFrames.decode(bytes, limit: 2).error == nil)
    }

    @Test func `a message has at most a thousand fragments`() {
        let begin = ClientFrames.frame(0x02, []) + Array(repeatElement(ClientFrames.frame(0x00, []), count: 998).joined())
        #expect(ClientFrames.decode(begin + ClientFrames.frame(0x80, [])).frames == [.message(.binary, ByteBuffer())])
        #expect(ClientFrames.decode(begin + ClientFrames.frame(0x00, []) + ClientFrames.frame(0x80, [])).error == .tooManyFragments)
    }

    @Test func `what is held follows the bytes that came, not the length announced`() throws {
        var decoder = FrameDecoder(maxMessageSize: 1 << 20)
        var frames: [IncomingFrame] = []
        try decoder.decode(ByteBuffer(bytes: ClientFrames.frame(0x82, Array(repeating: 9, count: 500_000)).prefix(1_014)), into: &frames)
        #expect(decoder.heldBytes == 1_000)
    }

    @Test func `the limit may grow between messages`() throws {
        var decoder = FrameDecoder(maxMessageSize: 4)
        var frames: [IncomingFrame] = []
        try decoder.decode(ByteBuffer(bytes: ClientFrames.text("auth")), into: &frames)
        decoder.maxMessageSize = 10
        try decoder.decode(ByteBuffer(bytes: ClientFrames.text("subscribe")), into: &frames)
        #expect(frames.count == 2)
    }

    @Test(arguments: [1, 3, 7, .max], [true, false])
    func `and so it may within one read, where the decoder stops after each frame`(chunk: Int, ownsReads: Bool) throws {
        var decoder = FrameDecoder(maxMessageSize: 4, ownsReads: ownsReads)
        decoder.stopsAfterFrame = true
        var frames: [IncomingFrame] = []
        var rest = (ClientFrames.text("auth") + ClientFrames.text("subscribe") + ClientFrames.text("publish"))[...]
        while !rest.isEmpty {
            var read = ByteBuffer(bytes: rest.prefix(chunk))
            rest = rest.dropFirst(chunk)
            while read.readableBytes > 0 {
                try decoder.decode(&read, into: &frames)
                if frames.count > 0 { decoder.maxMessageSize = 10 }
                if frames.count > 1 { decoder.stopsAfterFrame = false }
            }
        }
        #expect(frames == ["auth", "subscribe", "publish"].map { .message(.text, ByteBuffer(string: $0)) })
    }
}
