import Testing

@testable import GatewayMain

/// What `gateway connect` does when.
@Suite struct ConnectPlanTests {
    private let publication = ConnectPlan.Publication(topic: "a.b", data: #"{"x":1}"#)

    private func sent(_ actions: [ConnectPlan.Action]) -> [String] {
        actions.compactMap { if case .send(let text) = $0 { text } else { nil } }
    }

    @Test func `it authenticates first`() {
        var plan = ConnectPlan(token: "t", subscriptions: ["a"], publication: nil)
        #expect(sent(plan.opened()) == [#"{"type":"auth","token":"t"}"#])
    }

    @Test func `it subscribes to every topic after the token was taken`() {
        var plan = ConnectPlan(token: "t", subscriptions: ["a.*", "b"], publication: nil)
        _ = plan.opened()
        #expect(
            sent(plan.received(#"{"type":"auth_success","userId":"u"}"#)) == [
                #"{"type":"subscribe","topic":"a.*","id":"subscribe-1"}"#, #"{"type":"subscribe","topic":"b","id":"subscribe-2"}"#,
            ])
    }

    @Test func `without a token it subscribes at once`() {
        var plan = ConnectPlan(token: nil, subscriptions: ["a"], publication: nil)
        #expect(sent(plan.opened()).count == 1)
    }

    @Test func `it publishes once every subscription stands`() {
        var plan = ConnectPlan(token: nil, subscriptions: ["a", "b"], publication: publication)
        _ = plan.opened()
        #expect(sent(plan.received(#"{"type":"subscribed","topic":"a","requestId":"subscribe-1"}"#)) == [])
        #expect(
            sent(plan.received(#"{"type":"subscribed","topic":"b","requestId":"subscribe-2"}"#)) == [
                #"{"type":"message","topic":"a.b","data":{"x":1},"id":"publish","ack":true}"#
            ])
    }

    @Test func `who only publishes is done with the ack`() {
        var plan = ConnectPlan(token: nil, subscriptions: [], publication: publication)
        _ = plan.opened()
        #expect(plan.received(#"{"type":"ack","topic":"a.b","requestId":"publish"}"#).last == .finish(0))
    }

    @Test func `who publishes and subscribes stays`() {
        var plan = ConnectPlan(token: nil, subscriptions: ["a"], publication: publication)
        _ = plan.opened()
        _ = plan.received(#"{"type":"subscribed","topic":"a","requestId":"subscribe-1"}"#)
        #expect(plan.received(#"{"type":"ack","topic":"a.b","requestId":"publish"}"#).last == .readInput(thenClose: false))
    }

    @Test(
        arguments: [
            #"{"type":"auth_error","code":401,"message":"Invalid token","details":{"reason":"expired"}}"#
        ])
    func `a refused token ends with status 1 and the reason`(_ frame: String) {
        var plan = ConnectPlan(token: "t", subscriptions: [], publication: nil)
        _ = plan.opened()
        let actions = plan.received(frame)
        #expect(actions.suffix(2) == [.tell("the token was refused: 401 expired (Invalid token)"), .finish(1)])
    }

    @Test(arguments: [("invalid_signature", true), ("expired", false)])
    func `a signature that the gateway does not know comes with a hint`(_ reason: String, _ isHinted: Bool) {
        var plan = ConnectPlan(token: "t", signatureHint: "look", subscriptions: [], publication: nil)
        _ = plan.opened()
        let frame = #"{"type":"auth_error","code":401,"message":"Invalid token","details":{"reason":"\#(reason)"}}"#
        #expect(plan.received(frame).contains(.tell("help: look")) == isHinted)
    }

    @Test func `a refused subscription ends with status 1`() {
        var plan = ConnectPlan(token: nil, subscriptions: ["a"], publication: nil)
        _ = plan.opened()
        let error = #"{"type":"error","code":403,"message":"No","details":{"reason":"forbidden","requestId":"subscribe-1"}}"#
        #expect(plan.received(error).last == .finish(1))
    }

    @Test func `a refused message ends with status 1`() {
        var plan = ConnectPlan(token: nil, subscriptions: [], publication: publication)
        _ = plan.opened()
        let error = #"{"type":"error","code":403,"message":"No","details":{"reason":"forbidden","requestId":"publish"}}"#
        #expect(plan.received(error).last == .finish(1))
    }

    @Test func `an error about something else ends nothing`() {
        var plan = ConnectPlan(token: nil, subscriptions: [], publication: publication)
        _ = plan.opened()
        let error = #"{"type":"error","code":400,"message":"No","details":{"reason":"invalid_json","requestId":"7"}}"#
        #expect(plan.received(error).count == 1)
        #expect(plan.received(#"{"type":"error","code":401,"message":"Soon","details":{"reason":"token_expiring"}}"#).count == 1)
    }

    @Test(arguments: [("t", []), (nil, ["a"]), (nil, [])])
    func `an error without an id answers what was sent`(_ token: String?, _ subscriptions: [String]) {
        var plan = ConnectPlan(token: token, subscriptions: subscriptions, publication: publication)
        _ = plan.opened()
        let error = #"{"type":"error","code":400,"message":"No","details":{"reason":"invalid_json"}}"#
        #expect(plan.received(error).suffix(2) == [.tell("the gateway answered: 400 invalid_json (No)"), .finish(1)])
    }

    @Test func `while listening an error ends nothing`() {
        var plan = ConnectPlan(token: nil, subscriptions: [], publication: nil)
        _ = plan.opened()
        #expect(plan.received(#"{"type":"error","code":400,"message":"No","details":{"reason":"invalid_json"}}"#).count == 1)
    }

    @Test(arguments: [("{\n  \"a\": 1\r\n}", "{   \"a\": 1  }"), ("\"\u{1B}[31m\u{9B}\"", "\"\\u{1b}[31m\\u{9b}\"")])
    func `a frame is shown on one line that a terminal can bear`(_ frame: String, _ line: String) {
        var plan = ConnectPlan(token: nil, subscriptions: [], publication: nil)
        #expect(plan.received(frame) == [.show(line)])
    }

    @Test func `a quote in a token stays inside its string`() {
        var plan = ConnectPlan(token: #"a"b"#, subscriptions: [], publication: nil)
        #expect(sent(plan.opened()) == [#"{"type":"auth","token":"a\"b"}"#])
    }
}
