import NIOCore
import Testing

@testable import GatewayServer

@Suite struct FrameEncoderTests {
    @Test(arguments: [
        (0, [0x81, 0]), (125, [0x81, 125]), (126, [0x81, 126, 0, 126]), (65_535, [0x81, 126, 0xFF, 0xFF]),
        (65_536, [0x81, 127, 0, 0, 0, 0, 0, 1, 0, 0]),
    ])
    func `lengths are written in their shortest form`(length: Int, header: [UInt8]) {
        let frame = FrameEncoder.frame(opcode: 1, payload: ByteBuffer(repeating: 0x61, count: length))
        #expect(Array(frame.readableBytesView.prefix(header.count)) == header)
        #expect(FrameEncoder.headerLength(length) == header.count)
        #expect(frame.readableBytes == header.count + length)
    }

    @Test func `a close frame has its code and reason`() {
        #expect(FrameEncoder.close(code: 1001, reason: "draining") == ByteBuffer(bytes: [0x88, 10, 0x03, 0xE9] + Array("draining".utf8)))
    }

    @Test func `a long close reason is cut between scalars`() {
        let frame = FrameEncoder.close(code: 1000, reason: String(repeating: "a", count: 121) + "🎈")
        #expect(frame.readableBytes == 2 + 2 + 121)
        #expect(FrameEncoder.close(code: 1000, reason: String(repeating: "a", count: 200)).readableBytes == 2 + 125)
    }
}
