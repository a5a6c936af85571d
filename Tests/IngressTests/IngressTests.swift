import Foundation
import GatewayKit
import GatewayTestKit
import NIOCore
import Testing

@testable import IngressModule

/// The default: the document's `POST /api/messages`.
struct IngressTests {
    private let tester = IngressTester()
    private static let time = "2026-01-01T00:00:00.000Z"

    @Test func `its declarations are complete`() {
        #expect(SettingsTester.defects(of: Ingress.self) == [])
    }

    @Test func `without settings there is one route, for who has a token`() throws {
        let routes = try tester.make().routes
        #expect(routes.map { "\($0.method.rawValue) \($0.path)" } == ["POST /api/messages"])
        guard case .bearer = routes[0].authentication else {
            Issue.record("not for who has a token")
            return
        }
    }

    @Test func `the default is written in one line`() {
        let line =
            #"{method: POST, path: /api/messages, event: message.sent, topics: "#
            + #"[messages, "messages.user.<senderId>", "messages.user.<recipientId>", "messages.channel.<channelId>"]}"#
        #expect(IngressSettings().routes.settingText == "[\(line)]")
    }

    @Test func `a direct message is answered with the document's object, in its order`() async throws {
        let response = try await tester.make().post(#"{"content":"Hello!","recipientId":"bob"}"#)
        #expect(response.status == 201)
        let id = try #require(JSON(parsing: response.text)["data"]?["id"]?.string)
        #expect(
            response.data == #"{"id":"\#(id)","userId":"alice","recipientId":"bob","content":"Hello!","#
                + #""createdAt":"\#(Self.time)","updatedAt":"\#(Self.time)"}"#)
        #expect(id.wholeMatch(of: /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/) != nil)
    }

    @Test func `the event is what was answered`() async throws {
        let response = try await tester.make().post(#"{"content":"Hello!","recipientId":"bob"}"#)
        let published = try #require(tester.publisher.published.first)
        #expect(tester.publisher.published.count == 1)
        #expect(published.data == response.data)
        #expect(published.eventType == "message.sent")
        #expect(published.event.message.metadata.readableBytes == 0)
        #expect(published.sender == #""senderId":"alice","senderConnectionId":null"#)
        #expect(published.principal?.userID == "alice")
        #expect(published.address.description == "192.0.2.1")
    }

    @Test(arguments: [
        (#"{"content":"x","recipientId":"bob"}"#, ["messages", "messages.user.alice", "messages.user.bob"]),
        (#"{"content":"x","channelId":"general"}"#, ["messages", "messages.user.alice", "messages.channel.general"]),
        (#"{"content":"x"}"#, ["messages", "messages.user.alice"]),
        (#"{"content":"x","recipientId":"alice"}"#, ["messages", "messages.user.alice"]),
    ])
    func `a message goes to the document's topics, each once`(_ body: String, _ topics: [String]) async throws {
        _ = try await tester.make().post(body)
        #expect(tester.publisher.published.map(\.topics) == [topics])
    }

    @Test(arguments: [
        (#"{"content":"x","recipientId":"bob","channelId":"general"}"#, "channelId", "must not stand beside recipientId"),
        (#"{"recipientId":"bob"}"#, "content", "required"), ("{}", "content", "required"), ("", "content", "required"),
        (#"{"content":1}"#, "content", "must be a string"), (#"{"content":null}"#, "content", "must be a string"),
        (#"{"content":"x","recipientId":7}"#, "recipientId", "must be a string"),
        (#"{"content":"x","channelId":null}"#, "channelId", "must be a string"),
    ])
    func `a body that is no message is 400, with field and issue`(_ body: String, _ field: String, _ issue: String) async throws {
        let refusal = try await tester.make().refusal(body)
        #expect(refusal?.status == 400)
        #expect(refusal?.reason == (issue == "required" ? .missingField : .invalidField))
        #expect(refusal?.field == field)
        #expect(refusal?.issue == issue)
        #expect(tester.publisher.published.isEmpty)
    }

    @Test(arguments: ["a.b", "", "a b", "*", "**", "$a", "é", "a/b", String(repeating: "a", count: 256)])
    func `a value that is no segment of a topic is 400`(_ value: String) async throws {
        let refusal = try await tester.make().refusal(#"{"content":"x","channelId":"\#(value)"}"#)
        #expect(refusal?.status == 400)
        #expect(refusal?.reason == .invalidField)
        #expect(refusal?.field == "channelId")
        #expect(refusal?.issue?.hasPrefix("must be one segment of a topic: it ") == true)
    }

    @Test func `a topic that is too long in all is 400`() async throws {
        let refusal = try await tester.make().refusal(#"{"content":"x","channelId":"\#(String(repeating: "a", count: 250))"}"#)
        #expect(refusal?.reason == .invalidTopic)
        #expect(refusal?.issue == "is longer than 255 bytes")
    }

    @Test(arguments: ["alice@example.com", "auth0|123"])
    func `a user whose id is no segment of a topic posts to the other topics`(_ userID: String) async throws {
        let response = try await tester.make().post(#"{"content":"x","recipientId":"bob"}"#, userID: userID)
        #expect(try JSON(parsing: response.data)["userId"]?.string == userID)
        #expect(tester.publisher.published.first?.topics == ["messages", "messages.user.bob"])
    }

    @Test func `where all topics are about such a user the answer is 403`() async throws {
        let module = try tester.make(#"{routes: [{method: POST, path: /a, event: a, fields: [], topics: ["users.<senderId>"]}]}"#)
        #expect(try await module.refusal("{}", userID: "auth0|123")?.reason == .forbidden)
        #expect(try await module.refusal("{}", userID: "alice") == nil)
    }

    @Test(arguments: [
        ("[]", Reason.invalidFrame), ("1", .invalidFrame), ("{", .invalidJSON), ("[", .invalidJSON),
        (#"{"content":"x","content":"y"}"#, .duplicateKey), (#"{"content":"x","c\u006fntent":"y"}"#, .duplicateKey),
        ("{\"content\":\"\u{1}\"}", .invalidJSON), (#"{"content":"\ud800"}"#, .invalidJSON),
        (#"{"content":"x","a":\#(nested(31))}"#, .tooDeep), (#"{"content":"x","content":"y""#, .invalidJSON),
    ])
    func `a body that is no JSON object is 400`(_ body: String, _ reason: Reason) async throws {
        #expect(try await tester.make().refusal(body)?.reason == reason)
    }

    @Test(arguments: [
        #"{"a":1,"a":2}"#, "1e400", "-1E+999", "12345678901234567890.10", nested(30), "{\"\u{E9}\":1,\"e\u{301}\":2}",
    ])
    func `what stands in a free field is passed on as it came, as in a frame`(_ value: String) async throws {
        #expect(try await tester.make().refusal("{\"content\":\"x\",\"a\":\(value),\"\u{E9}\":1,\"e\u{301}\":2}") == nil)
        let data = try #require(tester.publisher.published.first?.data)
        #expect(data.contains("\"a\":\(value),\"\u{E9}\":1,\"e\u{301}\":2"))
    }

    private static func nested(_ depth: Int) -> String { String(repeating: "[", count: depth) + String(repeating: "]", count: depth) }

    @Test func `generated members win over the body's`() async throws {
        let body = #"{"userId":"eve","senderId":"eve","createdAt":1,"updatedAt":2,"cont\u0065nt":"y","\u0069d":3}"#
        #expect(try await tester.make().refusal(body) == nil)
        let data = try #require(tester.publisher.published.first?.data)
        let object = try JSON(parsing: data)
        #expect(object["userId"] == "alice")
        #expect(object["senderId"] == nil)
        #expect(object["createdAt"]?.string == Self.time)
        #expect(data.components(separatedBy: #""id":"#).count == 2)
        #expect(tester.publisher.published.first?.topics == ["messages", "messages.user.alice"])
    }

    @Test func `further fields follow in their order, and their bytes are passed on as they came`() async throws {
        let further = #""z":1.50,"a": [ 1 , 2e5 ],"n":12345678901234567890123,"e":"\u00e9\/","o":{"y":1,"x":-0.0}"#
        let data = try await tester.make().post(#"{\#(further),"content":"\u0048i"}"#).data
        let expected =
            #""content":"\u0048i","z":1.50,"a":[ 1 , 2e5 ],"n":12345678901234567890123,"e":"\u00e9\/","o":{"y":1,"x":-0.0},"createdAt""#
        #expect(data.contains(expected))
    }

    @Test func `a refusal of a stage goes to the client as it is`() async throws {
        let rejection = Rejection(.forbidden, "Not allowed to send events to 'messages'", topic: "messages")
        tester.publisher.refuse(rejection)
        let module = try tester.make()
        await #expect(throws: rejection) { try await module.post(#"{"content":"x"}"#) }
    }

    @Test func `the description says what is true`() throws {
        let operation = try #require(tester.make().routes.first?.operation)
        #expect(operation.id == "postApiMessages")
        #expect(operation.answers.map(\.status) == [201])
        #expect(operation.refusals == [400, 401, 403, 409, 413, 429, 503])
        #expect(operation.headers.map(\.name) == ["Idempotency-Key"])
        guard case .object(let members, isOpen: true) = try #require(operation.body) else {
            Issue.record("the body is no open object")
            return
        }
        #expect(members.map(\.name) == ["recipientId", "channelId", "content"])
        #expect(members.map(\.isRequired) == [false, false, true])
    }
}
