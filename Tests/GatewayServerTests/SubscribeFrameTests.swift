import GatewayKit
import NIOCore
import Testing

@testable import GatewayServer

@Suite struct SubscribeFrameTests {
    private func patterns(_ members: String) throws -> [String] {
        try frame(#"{"type":"subscribe"\#(members)}"#).patterns(maxTopics: 3).map(\.description)
    }

    @Test func `one topic or a list of them is subscribed to`() throws {
        #expect(try patterns(#","topic":"messages.**""#) == ["messages.**"])
        #expect(try patterns(#","topics":["a"]"#) == ["a"])
        #expect(try patterns(#","topics" : [ "a.*" , "b\u002ec", "**" ]"#) == ["a.*", "b.c", "**"])
    }

    @Test(arguments: [
        ("", "missing_field", "topic", "required"), (#","topic":["a"]"#, "invalid_field", "topic", "must be a string"),
        (#","topic":"a.**.b""#, "invalid_topic", "topic", "has ** before its last segment"),
        (#","topic":"a","topics":["b"]"#, "invalid_field", "topics", "must not stand beside topic"),
        (#","topics":"a""#, "invalid_field", "topics", "must be a list of strings"),
        (#","topics":{}"#, "invalid_field", "topics", "must be a list of strings"),
        (#","topics":["a",1]"#, "invalid_field", "topics", "must be a list of strings"),
        (#","topics":[["a"]]"#, "invalid_field", "topics", "must be a list of strings"),
        (#","topics":[ ]"#, "invalid_field", "topics", "must not be empty"),
        (#","topics":["a","b","c","d"]"#, "invalid_field", "topics", "must not list more than 3"),
        (#","topics":["a","b*"]"#, "invalid_topic", "topics", "has a wildcard that is not a whole segment"),
    ])
    func `a fault names its field and what is wrong`(members: String, reason: String, field: String, issue: String) throws {
        let error = #expect(throws: Rejection.self) { try patterns(members) }
        #expect(error?.reason.slug == reason)
        #expect(error?.field == field)
        #expect(error?.issue == issue)
    }

    @Test func `a token is read after unescaping`() throws {
        #expect(try frame(#"{"type":"auth","token":"a.b\u002ec"}"#).token() == "a.b.c")
    }

    @Test(arguments: [("", "missing_field"), (#","token":1"#, "invalid_field"), (#","token":null"#, "invalid_field")])
    func `a token that is no string is a fault of that field`(members: String, reason: String) throws {
        let error = #expect(throws: Rejection.self) { try frame(#"{"type":"auth"\#(members)}"#).token() }
        #expect(error?.reason.slug == reason)
        #expect(error?.field == "token")
    }

    @Test(arguments: ["t", #"\u0074"#]) func `a token over 8 KiB comes cut, a byte too long`(letter: String) throws {
        func token(_ count: Int) throws -> String {
            try frame(#"{"type":"auth","token":"\#(String(repeating: letter, count: count))"}"#).token()
        }
        #expect(try token(8_192).utf8.count == 8_192)
        #expect(try token(8_193).utf8.count == 8_193)
        #expect(try token(100_000).utf8.count == 8_193)
    }
}
