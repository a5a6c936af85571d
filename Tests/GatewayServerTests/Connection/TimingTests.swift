import NIOCore
import Testing

@testable import GatewayServer

@Suite struct TimingTests {
    private let start = NIODeadline.uptimeNanoseconds(1_000_000_000_000)

    @Test func `a message begins with its first byte, and the next one anew`() {
        var timing = Timing(now: start)
        timing.reading(1, now: start)
        timing.reading(1, now: start + .seconds(10))
        #expect(timing.messageBegan == start)
        timing.reading(2, now: start + .seconds(20))
        #expect(timing.messageBegan == start + .seconds(20))
        timing.reading(nil, now: start + .seconds(30))
        #expect(timing.messageBegan == nil)
    }

    @Test func `while a verdict is awaited the clock of a message stands`() {
        var timing = Timing(now: start)
        timing.reading(1, now: start)
        timing.pause(start + .seconds(5))
        timing.resume(start + .seconds(65))
        #expect(timing.messageBegan == start + .seconds(60))
        #expect(timing.lastReceived == start + .seconds(65))
    }

    @Test func `bytes that still come while nothing is read begin their message then`() {
        var timing = Timing(now: start)
        timing.pause(start)
        timing.reading(1, now: start + .seconds(1))
        timing.resume(start + .seconds(9))
        #expect(timing.messageBegan == start + .seconds(9))
    }

    @Test func `a ping that is not whole does not make the message around it younger`() throws {
        var decoder = FrameDecoder(maxMessageSize: 100)
        var frames: [IncomingFrame] = []
        let first = ClientFrames.frame(0x01, Array("{".utf8))
        try decoder.decode(ByteBuffer(bytes: first + ClientFrames.frame(0x89, [1]).prefix(3)), into: &frames)
        let number = decoder.unfinishedCount
        try decoder.decode(ByteBuffer(bytes: ClientFrames.frame(0x89, [1]).dropFirst(3)), into: &frames)
        #expect(frames == [.ping(ByteBuffer(bytes: [1]))])
        #expect(decoder.isMidMessage && decoder.unfinishedCount == number)
        try decoder.decode(ByteBuffer(bytes: ClientFrames.frame(0x80, Array("}".utf8)) + first), into: &frames)
        #expect(decoder.isMidMessage && decoder.unfinishedCount != number)
    }
}
