import GatewayKit
import NIOCore
import GatewayTestKit
import Testing

@testable import RedisModule

struct EnvelopeTests {
    private static let stamp = Envelope.Stamp(origin: .max, sequence: 0x0102_0304_0506_0708)

    private static func event(_ topics: [String], data: String = "{\"text\":\"Grüße\"}", metadata: String = "\"a\":1") -> Event? {
        let topics = topics.compactMap { Topic(carried: ByteBuffer(string: $0)) }
        guard let first = topics.first else { return nil }
        let message = Message(
            data: ByteBuffer(string: data), metadata: ByteBuffer(string: metadata), eventType: ByteBuffer(string: "message.sent"))
        return Event(
            topic: first, otherTopics: Array(topics.dropFirst()), message: message, sender: Sender(userID: "alice", connection: nil))
    }

    private static let longTopic = String(repeating: "a", count: 255)
    private static let cases = [
        event(["a"]), event(["a.b", "c", longTopic]), event(["$probe.x"]), event(["a", "$b"]), event(["a"], metadata: ""),
        event(["a"], data: "", metadata: ""), event((0..<300).map { "t.\($0)" }),
    ].compactMap { $0 }

    private static func wire(_ event: Event) -> ByteBuffer {
        var buffer = ByteBuffer()
        Envelope.write(event, stamp, into: &buffer)
        return buffer
    }

    private static func parts(_ event: Event) -> [String] {
        ([event.topic] + event.otherTopics).map(\.description)
            + [event.message.eventType, event.sender.members, event.message.metadata, event.message.data].map { String(buffer: $0) }
    }

    @Test func `an event comes as it was sent, and is as long as was said`() throws {
        #expect(Self.cases.count == 7)
        for event in Self.cases {
            let wire = Self.wire(event)
            #expect(wire.readableBytes == Envelope.length(of: event))
            #expect(Envelope.fits(event))
            guard case .event(let read, let stamp) = Envelope.read(wire) else {
                Issue.record("\(event) is not read")
                continue
            }
            #expect(Self.parts(read) == Self.parts(event))
            #expect(read.otherTopics == event.otherTopics)
            #expect(stamp == Self.stamp)
        }
    }

    @Test func `a probe and a revocation come as they were sent`() {
        var buffer = ByteBuffer()
        Envelope.write(probe: Self.stamp, into: &buffer)
        #expect(buffer.readableBytes == Envelope.probeLength)
        guard case .probe(Self.stamp) = Envelope.read(buffer) else {
            Issue.record("no probe")
            return
        }
        guard case .revocation(let text) = Envelope.read(ByteBuffer(string: Envelope.revocation("+inf token ü 1"))) else {
            Issue.record("no revocation")
            return
        }
        #expect(String(buffer: text) == "+inf token ü 1")
    }

    @Test func `what is cut short or has more behind it is nothing`() {
        for event in Self.cases.prefix(6) {
            let wire = Self.wire(event)
            for length in 0..<wire.readableBytes where Envelope.read(wire.getSlice(at: 0, length: length) ?? wire) != nil {
                Issue.record("\(length) bytes of \(event) are read")
            }
            var longer = wire
            longer.writeInteger(UInt8(0))
            #expect(Envelope.read(longer) == nil)
        }
        var probe = ByteBuffer()
        Envelope.write(probe: Self.stamp, into: &probe)
        for length in 0..<Envelope.probeLength { #expect(Envelope.read(probe.getSlice(at: 0, length: length) ?? probe) == nil) }
        probe.writeInteger(UInt8(0))
        #expect(Envelope.read(probe) == nil)
    }

    @Test func `each wrong byte makes nothing of it, or another envelope that is whole`() {
        for (number, event) in Self.cases.prefix(6).enumerated() {
            let wire = Self.wire(event)
            let changes = number == 0 ? Array(UInt8(1)...255) : [1, 2, 4, 8, 16, 32, 64, 128, 255]
            for index in 0..<wire.readableBytes {
                for change in changes {
                    var wrong = wire
                    wrong.setInteger((wire.getInteger(at: index) ?? 0) ^ change, at: index)
                    if let again = Self.written(Envelope.read(wrong)), again != wrong {
                        Issue.record("byte \(index) ^ \(change) of \(event)")
                    }
                }
            }
        }
    }

    @Test func `random bytes make nothing, or an envelope that is whole`() {
        var random = SeededRandom(seed: 2)
        for _ in 0..<10_000 {
            let bytes = (0..<Int.random(in: 0...60, using: &random)).map { _ in UInt8.random(in: 0...3, using: &random) }
            let buffer = ByteBuffer(bytes: [1, [0x45, 0x50, 0x52].randomElement(using: &random) ?? 0] + bytes)
            if let again = Self.written(Envelope.read(buffer)), again != buffer { Issue.record("\(buffer)") }
        }
    }

    /// What was read, written again: there is one way to write it.
    private static func written(_ envelope: Envelope?) -> ByteBuffer? {
        var buffer = ByteBuffer()
        switch envelope {
        case .event(let event, let stamp): Envelope.write(event, stamp, into: &buffer)
        case .probe(let stamp): Envelope.write(probe: stamp, into: &buffer)
        case .revocation(let text): return Envelope.revocation(String(buffer: text)).utf8.count < text.readableBytes ? buffer : nil
        case nil: return nil
        }
        return buffer
    }

    @Test func `another version is nothing`() throws {
        var wire = Self.wire(try #require(Self.cases.first))
        wire.setInteger(UInt8(2), at: 0)
        #expect(Envelope.read(wire) == nil)
    }

    @Test func `what its numbers cannot count does not fit`() throws {
        let event = try #require(Self.cases.first)
        let sizes = [(0, 65_535, true), (0, 65_536, false), (1000, 0, true), (65_534, 0, false), (65_535, 0, false)]
        for (topics, type, fits) in sizes {
            var message = event.message
            message.eventType = ByteBuffer(repeating: 97, count: type)
            let other = Event(
                topic: event.topic, otherTopics: Array(repeating: event.topic, count: topics), message: message, sender: event.sender)
            #expect(Envelope.fits(other) == fits)
            if fits { #expect(Self.written(Envelope.read(Self.wire(other))) == Self.wire(other)) }
        }
    }
}
