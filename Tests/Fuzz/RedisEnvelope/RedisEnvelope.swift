import Fuzzing
import GatewayKit
import NIOCore

@testable import RedisModule

/// What comes over Redis' channels: what is taken for an envelope can be written in one way only, and its length is known beforehand.
@main enum RedisEnvelopeTarget {
    static func main() {
        runFuzzer { data, size in
            RedisEnvelopeTarget.check(input(data, size))
            return 0
        }
    }

    static func check(_ bytes: [UInt8]) {
        let payload = ByteBuffer(bytes: bytes)
        var again = ByteBuffer()
        switch Envelope.read(payload) {
        case .event(let event, let stamp):
            require(Envelope.fits(event), "an event that came does not fit")
            require(Envelope.length(of: event) == bytes.count, "the length of an event is another one")
            for topic in [event.topic] + event.otherTopics {
                require(Topic(carried: topic.bytes) != nil, "a topic that is none")
                require(topic.bytes.readableBytes <= 255, "a topic that is too long")
            }
            Envelope.write(event, stamp, into: &again)
        case .probe(let stamp): Envelope.write(probe: stamp, into: &again)
        case .revocation(let text):
            require(text.readableBytes == bytes.count - 2, "a revocation without its end")
            // Any bytes may stand in it; what is no text is none of a gateway.
            again = payload
        case nil: return
        }
        require(again == payload, "an envelope that was written again is another one")
    }
}
