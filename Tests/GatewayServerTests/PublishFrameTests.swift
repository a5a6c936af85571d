import GatewayKit
import NIOCore
import Testing

@testable import GatewayServer

@Suite struct PublishFrameTests {
    private func publish(_ members: String) throws -> (topic: TopicPattern, message: Message) {
        try frame(#"{"type":"message",\#(members)}"#).publish()
    }

    private func rejection(_ members: String) throws -> Rejection {
        do {
            _ = try publish(members)
            throw Unexpected(text: "accepted")
        } catch let rejection as Rejection {
            return rejection
        }
    }

    @Test func `the frame of the API document is published`() throws {
        let (topic, message) = try publish(
            #""topic": "messages.channel.general", "data": {"content": "Hello, you!", "attachments": []}, "metadata": {"priority": "high"}"#
        )
        #expect(topic.description == "messages.channel.general")
        #expect(String(buffer: message.data) == #"{"content": "Hello, you!", "attachments": []}"#)
        #expect(String(buffer: message.metadata) == #""priority": "high""#)
        #expect(String(buffer: message.eventType) == "message.sent")
    }

    @Test(arguments: ["null", "true", "1.50", "1e1000", #""\u00e9\/""#, "[ 1 ,2 ]", #"{"b":1,"a":2,"b":3}"#])
    func `data passes byte for byte, any value of JSON`(data: String) throws {
        #expect(String(buffer: try publish(#""topic":"a","data": \#(data) "#).message.data) == data)
    }

    @Test func `a topic is read after unescaping`() throws {
        #expect(try publish(#""topic":"a\u002eb","data":1"#).topic == TopicPattern("a.b"))
    }

    @Test(arguments: [
        (#""data":1"#, "missing_field", "topic", "required"), (#""topic":"a""#, "missing_field", "data", "required"),
        (#""topic":5,"data":1"#, "invalid_field", "topic", "must be a string"),
        (#""topic":null,"data":1"#, "invalid_field", "topic", "must be a string"),
        (#""topic":"","data":1"#, "invalid_topic", "topic", "has an empty segment"),
        (#""topic":"a..b","data":1"#, "invalid_topic", "topic", "has an empty segment"),
        (#""topic":"a.*","data":1"#, "invalid_topic", "topic", "must not have wildcards"),
        (#""topic":"a.\u002a\u002a","data":1"#, "invalid_topic", "topic", "must not have wildcards"),
        (#""topic":"a b","data":1"#, "invalid_topic", "topic", TopicError.character.rawValue),
        (#""topic":"a","data":1,"metadata":[]"#, "invalid_field", "metadata", "must be an object"),
        (#""topic":"a","data":1,"metadata":null"#, "invalid_field", "metadata", "must be an object"),
    ])
    func `a fault names its field and what is wrong`(members: String, reason: String, field: String, issue: String) throws {
        let rejection = try rejection(members)
        #expect(rejection.reason.slug == reason)
        #expect(rejection.field == field)
        #expect(rejection.issue == issue)
    }

    @Test(arguments: ["a", #"\u0061"#]) func `a topic too long is refused, with escapes or without`(letter: String) throws {
        let segment = String(repeating: letter, count: 255)
        #expect(try publish(#""topic":"\#(segment)","data":1"#).topic.bytes.readableBytes == 255)
        #expect(try rejection(#""topic":"\#(segment)\#(letter)","data":1"#).issue == TopicError.tooLong.rawValue)
    }

    @Test(arguments: ["a", "order.created", "A-1_b.2", String(repeating: "e", count: 64)])
    func `an event type of the client's passes`(name: String) throws {
        #expect(String(buffer: try publish(#""topic":"a","data":1,"eventType":"\#(name)""#).message.eventType) == name)
    }

    @Test func `an event type is read after unescaping`() throws {
        #expect(String(buffer: try publish(#""topic":"a","data":1,"eventType":"\u0061b""#).message.eventType) == "ab")
    }

    @Test(arguments: [#""""#, #""a b""#, #""ä""#, #""a\n""#, #""a\"""#, "1", "null", #"""# + String(repeating: "e", count: 65) + #"""#])
    func `any other event type is refused`(value: String) throws {
        let rejection = try rejection(#""topic":"a","data":1,"eventType":\#(value)"#)
        #expect(rejection.reason == .invalidField)
        #expect(rejection.field == "eventType")
    }

    @Test(arguments: [
        ("{}", ""), ("{ \n }", ""), (#"{ "a" : 1 , "b":[ ] }"#, #""a" : 1 , "b":[ ]"#), (#"{"senderId":"me"}"#, ""),
        (#"{"senderId":"me","a":1}"#, #""a":1"#), (#"{"a":1,"senderConnectionId":{"x":[1]}}"#, #""a":1"#),
        (#"{"a":{"senderId":1},"sender\u0049d":2,"b\n":3,"senderId":4}"#, #""a":{"senderId":1},"b\n":3"#),
        (#"{"senderID":1}"#, #""senderID":1"#),
    ])
    func `metadata keeps everything but the sender`(metadata: String, members: String) throws {
        #expect(String(buffer: try publish(#""topic":"a","data":1,"metadata":\#(metadata)"#).message.metadata) == members)
    }

    @Test func `what is accepted are slices of the payload`() throws {
        let payload = ByteBuffer(string: #"{"type":"message","topic":"a.b","eventType":"e","data":{"x":1},"metadata":{"y":2}}"#)
        guard case .frame(let result) = ClientMessageParser.parse(payload, maxBatch: 1) else { return }
        let (topic, message) = try result.get().publish()
        let whole = payload.withUnsafeReadableBytes { UInt(bitPattern: $0.baseAddress)..<UInt(bitPattern: $0.baseAddress) + UInt($0.count) }
        for part in [topic.bytes, message.data, message.metadata, message.eventType] {
            #expect(whole.contains(part.withUnsafeReadableBytes { UInt(bitPattern: $0.baseAddress) }))
        }
    }
}
