import Foundation
import Fuzzing
import GatewayKit
import NIOCore

@testable import GatewayServer

/// Client messages: what is accepted is JSON for Foundation too, and every part that is taken out of it stands by itself.
@main enum ClientMessageTarget {
    static func main() {
        runFuzzer { data, size in
            ClientMessageTarget.check(input(data, size))
            return 0
        }
    }

    static func check(_ bytes: [UInt8]) {
        let payload = ByteBuffer(bytes: bytes)
        switch ClientMessageParser.parse(payload, maxBatch: 5) {
        case .batch(let items):
            require(1...5 ~= items.count, "a batch of \(items.count)")
            requireJSON(bytes)
            for item in items { check(item) }
        case .frame(let result):
            if case .failure(let defect) = result, [.invalidJSON, .tooDeep, .batch].contains(defect.rejection.reason) { return }
            requireJSON(bytes)
            check(result)
            if case .success(let frame) = result { inBatch(frame, bytes) }
        }
    }

    private static func check(_ result: Result<ClientFrame, FrameDefect>) {
        switch result {
        case .failure(let defect): if let id = defect.id { requireID(id) }
        case .success(let frame):
            if let id = frame.id { requireID(id) }
            _ = frame.typeText
            _ = try? frame.ack()
            if let token = try? frame.token() { require(token.utf8.count <= 3 * (ClientFrame.maxToken + 1), "a token without a bound") }
            if let patterns = try? frame.patterns(maxTopics: 4) { require(1...4 ~= patterns.count, "\(patterns.count) patterns") }
            if let publish = try? frame.publish() { check(publish.topic, publish.message) }
        }
    }

    /// Puts the parts of a message into a frame of our own, from which the same has to come.
    private static func check(_ topic: TopicPattern, _ message: Message) {
        require(topic.topic != nil, "a publish to a pattern")
        var text = ByteBuffer(string: #"{"type":"message","topic":"\#(topic)","eventType":""#)
        text.writeImmutableBuffer(message.eventType)
        text.writeString(#"","metadata":{"#)
        text.writeImmutableBuffer(message.metadata)
        text.writeString(#"},"data":"#)
        text.writeImmutableBuffer(message.data)
        text.writeString("}")
        guard case .frame(.success(let frame)) = ClientMessageParser.parse(text, maxBatch: 1), let again = try? frame.publish() else {
            return require(false, "the parts of a message are no message")
        }
        require(again.topic == topic && again.message.eventType == message.eventType, "the topic or event type reads differently")
        require(again.message.data == message.data && again.message.metadata == message.metadata, "the body reads differently")
        require(!frame.fields.metadataNamesSender, "the sender is left in the metadata")
    }

    private static func inBatch(_ frame: ClientFrame, _ bytes: [UInt8]) {
        var text = ByteBuffer(string: "xx[")
        text.writeBytes(bytes)
        text.writeString("]")
        text.moveReaderIndex(forwardBy: 2)
        switch ClientMessageParser.parse(text, maxBatch: 1) {
        case .batch(let items):
            guard case .success(let item)? = items.first else { return require(false, "a frame is refused in a batch") }
            require(
                item.type == frame.type && item.id == frame.id && item.byteCount == frame.byteCount, "a frame reads differently in a batch")
        case .frame(.failure(let defect)): require(defect.rejection.issue?.contains("levels") == true, "a frame is refused in a batch")
        case .frame: require(false, "a batch reads as a frame")
        }
    }

    private static func requireID(_ id: ByteBuffer) {
        guard let text = try? JSONSerialization.jsonObject(with: Data(id.readableBytesView), options: .fragmentsAllowed) as? String else {
            return require(false, "an id that is no string")
        }
        require(1...ClientFrame.maxID ~= text.utf8.count, "an id of \(text.utf8.count) bytes")
    }

    /// Foundation refuses numbers that a Double cannot hold, so long ones and exponents are left out.
    private static func requireJSON(_ bytes: [UInt8]) {
        guard !hasLargeNumber(bytes) else { return }
        let isJSON = (try? JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)) != nil
        require(isJSON, "Foundation finds no JSON")
    }

    private static func hasLargeNumber(_ bytes: [UInt8]) -> Bool {
        var digits = 0
        for byte in bytes {
            if digits > 0, byte | 0x20 == UInt8(ascii: "e") { return true }
            digits = UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte ? digits + 1 : 0
            if digits > 15 { return true }
        }
        return false
    }
}
