import GatewayKit
import NIOCore
import Testing

@testable import GatewayServer

@Suite struct FrameTextTests {
    static let invalid: [[UInt8]] = [
        [0x80], [0xBF], [0xC0, 0x80], [0xC1, 0xBF], [0xC3], [0xC3, 0x28], [0xE0, 0x9F, 0xBF], [0xE2, 0x82], [0xE2, 0x28, 0xA1],
        [0xED, 0xA0, 0x80],
        [0xED, 0xBF, 0xBF], [0xF0, 0x8F, 0xBF, 0xBF], [0xF0, 0x9F, 0x8E], [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xFE],
        [0xFF],
    ]
    static let valid: [[UInt8]] = [
        [], [0x00], [0x7F], [0xC2, 0x80], [0xDF, 0xBF], [0xE0, 0xA0, 0x80], [0xED, 0x9F, 0xBF], [0xEE, 0x80, 0x80], [0xEF, 0xBF, 0xBF],
        [0xF0, 0x90, 0x80, 0x80], [0xF4, 0x8F, 0xBF, 0xBF],
    ]

    @Test(arguments: invalid, [0, 1, 15, 16, 17, 33])
    func `text that is no UTF-8 is refused, wherever it stands and however it comes`(sequence: [UInt8], offset: Int) {
        let bytes = ClientFrames.frame(0x81, Array(repeating: 0x61, count: offset) + sequence)
        #expect(ClientFrames.decode(bytes).error == .invalidUTF8)
        #expect(ClientFrames.decode(bytes, chunk: 1).error == .invalidUTF8)
    }

    @Test(arguments: valid, [0, 1, 15, 16, 17, 33])
    func `text that is UTF-8 passes, wherever it stands and however it comes`(sequence: [UInt8], offset: Int) {
        let payload = Array(repeating: 0x61, count: offset) + sequence + [0x62]
        #expect(ClientFrames.decode(ClientFrames.frame(0x81, payload)).frames == [.message(.text, ByteBuffer(bytes: payload))])
        #expect(ClientFrames.decode(ClientFrames.frame(0x81, payload), chunk: 1).frames == [.message(.text, ByteBuffer(bytes: payload))])
    }

    @Test func `scalars from all over Unicode pass`() {
        for value in UInt32(0x80)...0x10FFFF {
            guard let scalar = Unicode.Scalar(value), value % 61 == 0 || value < 0x1000 else { continue }
            #expect(Array(String(scalar).utf8).withUnsafeBytes(UTF8Validator.isValid))
            #expect(Array(String(scalar).utf8).withUnsafeBytes { UTF8Validator.scalarLength($0, at: 0) } == String(scalar).utf8.count)
        }
    }

    @Test func `a fragment with bad text fails before the message is complete`() {
        #expect(ClientFrames.decode(ClientFrames.frame(0x01, [0x61, 0xFF])).error == .invalidUTF8)
        #expect(ClientFrames.decode(ClientFrames.frame(0x81, [0x61, 0xFF, 0x62, 0x63]).dropLast(2)).error == .invalidUTF8)
    }

    @Test func `a scalar may be split between fragments but not left open`() {
        let begin = ClientFrames.frame(0x01, [0xF0, 0x9F])
        #expect(ClientFrames.decode(begin + ClientFrames.frame(0x80, [0x8E, 0x88])).frames == [.message(.text, ByteBuffer(string: "🎈"))])
        #expect(ClientFrames.decode(begin + ClientFrames.frame(0x80, [0x8E])).error == .invalidUTF8)
    }

    @Test func `binary messages may hold anything`() {
        #expect(
            ClientFrames.decode(ClientFrames.frame(0x82, [0xFF, 0xC0])).frames == [.message(.binary, ByteBuffer(bytes: [0xFF, 0xC0]))])
    }
}

extension ClientFrames {
    static func decode(_ bytes: ArraySlice<UInt8>) -> (frames: [IncomingFrame], error: FrameError?) { decode(Array(bytes)) }
}
