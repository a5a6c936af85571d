import GatewayKit
import NIOCore
import Testing

@testable import GatewayServer

@Suite struct ClientMessageTests {
    @Test(arguments: ClientFrameType.allCases)
    func `every type is known by its name`(type: ClientFrameType) throws {
        #expect(try frame(#"{"type":"\#(type.rawValue)"}"#).type == type)
    }

    @Test func `a type written with escapes, under a key written with escapes, is the same type`() throws {
        #expect(try frame(#"{"\u0074ype":"p\u0069ng"}"#).type == .ping)
    }

    @Test(arguments: ["pong", "Ping", "", "ping ", "subscribes", "\u{1F388}"])
    func `an unknown type is kept for the message about it`(name: String) throws {
        let frame = try frame(#"{"type":"\#(name)"}"#)
        #expect(frame.type == nil)
        #expect(frame.typeText == name)
    }

    @Test(arguments: [
        ("", "invalid_json"), ("{", "invalid_json"), ("{}x", "invalid_json"), ("nope", "invalid_json"),
        (#"{"type":"ping"}}"#, "invalid_json"),
        (#"{"type":"ping","type":"ping""#, "invalid_json"), ("\u{FEFF}{}", "invalid_json"), ("1", "invalid_frame"),
        (" null ", "invalid_frame"),
        (#""ping""#, "invalid_frame"), ("{}", "missing_field"), (#"{"type":1}"#, "invalid_field"), (#"{"type":null}"#, "invalid_field"),
        (#"{"type":"ping","type":"ping"}"#, "duplicate_key"), (#"{"a":1,"type":"ping","a":2}"#, "duplicate_key"),
        (#"{"a":1,"type":"ping","\u0061":2}"#, "duplicate_key"), (#"{"type":"ping","\u0074ype":"ping"}"#, "duplicate_key"),
        (#"{"type":"ping","data":"# + String(repeating: "[", count: 32) + String(repeating: "]", count: 32) + "}", "too_deep"),
    ])
    func `a message that is no frame says why`(text: String, reason: String) throws {
        #expect(try defect(text).rejection.reason.slug == reason)
    }

    @Test func `brackets of the frame count as depth 1`() throws {
        let data = String(repeating: "[", count: 31) + String(repeating: "]", count: 31)
        #expect(try frame(#"{"type":"message","data":\#(data)}"#).type == .message)
    }

    @Test(arguments: ["type", "id"]) func `a fault names its field`(field: String) throws {
        #expect(try defect(#"{"\#(field)":false}"#).rejection.field == field)
    }

    @Test func `a missing type is said to be required`() throws {
        let rejection = try defect("{}").rejection
        #expect(rejection.field == "type")
        #expect(rejection.issue == "required")
    }

    @Test(arguments: [
        #""a""#, #""\u0061""#, #"""# + String(repeating: "i", count: 64) + #"""#, #""😀""#,
        #"""# + String(repeating: #"\u0061"#, count: 64) + #"""#,
    ])
    func `an id comes back as it came`(id: String) throws {
        #expect(try frame(#"{"type":"ping","id":\#(id)}"#).id == ByteBuffer(string: id))
        #expect(try defect(#"{"id":\#(id)}"#).id == ByteBuffer(string: id))
    }

    @Test(arguments: [
        "1", "null", #""""#, "[]", #"""# + String(repeating: "i", count: 65) + #"""#,
        #"""# + String(repeating: #"\u00e9"#, count: 33) + #"""#,
    ])
    func `an id that is no string of 1 to 64 bytes is a fault of its own`(id: String) throws {
        let defect = try defect(#"{"type":"ping","id":\#(id)}"#)
        #expect(defect.rejection.field == "id")
        #expect(defect.rejection.reason == .invalidField)
        #expect(defect.id == nil)
    }

    @Test func `a frame with two ids has none`() throws {
        #expect(try defect(#"{"type":"ping","id":"a","id":"b"}"#).id == nil)
    }

    @Test(arguments: [0, 4, 5, 500])
    func `unknown keys are ignored, however many, but never twice`(count: Int) throws {
        let keys = (0..<count).map { #""key\#($0)":\#($0)"# }.joined(separator: ",")
        #expect(try frame(#"{"type":"ping"\#(count == 0 ? "" : ",")\#(keys)}"#).type == .ping)
        guard count > 0 else { return }
        #expect(try defect(#"{"type":"ping",\#(keys),"k\u0065y\#(count - 1)":0}"#).rejection.reason == .duplicateKey)
        #expect(try defect(#"{"key0":0,\#(keys)}"#).rejection.reason == .duplicateKey)
    }

    @Test func `keys that only look alike are two keys`() throws {
        #expect(try frame("{\"type\":\"ping\",\"\u{E9}\":1,\"e\u{301}\":2,\"Type\":3}").type == .ping)
    }

    @Test func `keys of nested objects are not compared`() throws {
        #expect(try frame(#"{"type":"message","data":{"a":1,"a":2}}"#).type == .message)
    }

    @Test func `the size of a frame is that of its own text`() throws {
        #expect(try frame(#"  {"type":"ping"}  "#).byteCount == 15)
    }

    @Test func `a payload that begins within a larger buffer is read from its own start`() throws {
        var buffer = ByteBuffer(string: #"xxxx{"type":"message","topic":"a","data":5}"#)
        buffer.moveReaderIndex(forwardBy: 4)
        guard case .frame(.success(let frame)) = ClientMessageParser.parse(buffer, maxBatch: 1) else {
            Issue.record("refused")
            return
        }
        #expect(try frame.publish().message.data == ByteBuffer(string: "5"))
    }

    @Test(arguments: [("{}", false), (#"{"ack":true}"#, true), (#"{"ack":false}"#, false)])
    func `an ack is wanted where it says so`(text: String, wanted: Bool) throws {
        #expect(try frame(#"{"type":"message","#.dropLast() + (text == "{}" ? "" : ",") + text.dropFirst()).ack() == wanted)
    }

    @Test(arguments: ["1", "null", #""true""#, "{}"]) func `an ack that is no boolean is refused`(value: String) throws {
        let frame = try frame(#"{"type":"message","ack":\#(value)}"#)
        #expect(throws: Rejection.invalid(.ack, "must be true or false")) { try frame.ack() }
    }
}

/// The frame of a message that must have one.
func frame(_ text: some StringProtocol) throws -> ClientFrame {
    guard case .frame(let result) = ClientMessageParser.parse(ByteBuffer(string: String(text)), maxBatch: 3) else {
        throw Unexpected(text: "a batch")
    }
    return try result.get()
}

/// The defect of a message that must have one.
func defect(_ text: String) throws -> FrameDefect {
    guard case .frame(.failure(let defect)) = ClientMessageParser.parse(ByteBuffer(string: text), maxBatch: 3) else {
        throw Unexpected(text: "a message without a defect")
    }
    return defect
}

struct Unexpected: Error { let text: String }
