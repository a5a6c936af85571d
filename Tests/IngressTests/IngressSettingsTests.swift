import GatewayKit
import GatewayTestKit
import Testing

@testable import IngressModule

struct IngressSettingsTests {
    private func findings(_ settings: String) -> [Diagnostic] { SettingsTester.decode(IngressSettings.self, settings).diagnostics }

    /// The findings about a route, each with the text that it points at.
    private func findings(route: String) -> [(diagnostic: Diagnostic, text: String)] {
        let settings = "{routes: [{method: POST, path: /api/orders, event: order.created, \(route)}]}"
        return findings(settings).map { ($0, String(settings.dropFirst($0.place.column - 1).prefix($0.place.length))) }
    }

    @Test(arguments: [
        #"topics: [orders, "orders.<orderid>"], fields: [{name: orderId}]"#, #"topics: ["<sender>"]"#, #"topics: ["a.<id>.<b>"]"#,
    ])
    func `a name in a topic that nothing fills is an error`(_ route: String) {
        #expect(findings(route: route).map(\.diagnostic.code) == [.invalidValue])
    }

    @Test func `what nothing fills is named, at its topic, with what there is`() {
        let found = findings(
            route: #"topics: [orders, "orders.<colour>"], fields: [{name: number, type: integer}, {name: items, type: array}]"#)
        #expect(found.map(\.text) == [#""orders.<colour>""#])
        #expect(
            found.first?.diagnostic.message
                == "routes[0].topics[1]: <colour> is never filled: it is neither generated, nor a parameter, nor a field")
        #expect(found.first?.diagnostic.help == "there are: <senderId>, <id>, <userId>, <number>")
    }

    @Test(arguments: [
        ("<orderid>", "did you mean '<orderId>'?"), ("<senderID>", "did you mean '<senderId>'?"), ("<numbr>", "did you mean '<number>'?"),
    ])
    func `a name that is nearly right is told`(_ name: String, _ help: String) {
        let found = findings(route: "topics: [\"a.\(name)\"], fields: [{name: orderId}, {name: number}]")
        #expect(found.map(\.diagnostic.help) == [help])
    }

    @Test(arguments: [
        ("<createdAt>", "is a time, which is no segment"),
        ("<items>", "is of type array, and only a string or an integer is a segment"),
        ("<price>", "is of type number, and only a string or an integer is a segment"),
    ])
    func `a name whose value is never a segment is an error`(_ name: String, _ problem: String) {
        let found = findings(route: "topics: [\"a.\(name)\"], fields: [{name: items, type: array}, {name: price, type: number}]")
        #expect(found.map(\.diagnostic.message) == ["routes[0].topics[0]: \(name) \(problem)"])
    }

    @Test(arguments: ["senderId", "userId"])
    func `where everybody may call there is no sender to name a topic`(_ name: String) {
        let found = findings(route: "authentication: none, topics: [\"a.<\(name)>\"]")
        #expect(
            found.map(\.diagnostic.message) == [
                "routes[0].topics[0]: <\(name)> is never filled: with authentication: none nobody knows the sender"
            ])
    }

    @Test(arguments: [
        "a..b", "", ".a", "a b", "$a", "a.*", "**", "a.<b", "a.b>", "a<b>", "<b>c", "a.<>", "a.<b.c>", "a.<b c>", "<b><b>",
        "1.2.3.4.5.6.7.8.9.10.11.12.13.14.15.16.17", String(repeating: "a", count: 256),
    ])
    func `a topic against the grammar is an error`(_ topic: String) {
        let found = findings(route: "topics: [ok, \"\(topic)\"]")
        #expect(found.map(\.diagnostic.code) == [.invalidValue])
        #expect(found.map(\.text) == ["\"\(topic)\""])
    }

    @Test(arguments: [
        ("topics: []", DiagnosticCode.invalidValue, "[]"), ("topics: [a], status: 204", .outOfRange, "204"),
        ("topics: [a], event: \"a b\"", .invalidValue, "\"a b\""),
        ("topics: [a], event: \(String(repeating: "e", count: 65))", .invalidValue, ""),
        ("topics: [a], authentication: basic", .unknownChoice, "basic"), ("topics: [a], topic: b", .unknownKey, "topic"),
        ("topics: [a], response: id, generate: {at: time}", .invalidValue, "id"),
        ("topics: [a], response: all", .unknownChoice, "all"), ("topics: [a], generate: {at: now}", .unknownChoice, "now"),
        ("topics: [a], generate: {\"a b\": id}", .invalidValue, "\"a b\""), ("topics: [a], generate: [id]", .wrongType, "[id]"),
        ("topics: [a], generate: {senderId: id}", .invalidValue, "id"),
        ("topics: [a], fields: [{name: \"a b\"}]", .invalidValue, "\"a b\""), ("topics: [a], fields: [{type: string}]", .missingKey, ""),
        ("topics: [a], fields: [{name: a, type: date}]", .unknownChoice, "date"),
        ("topics: [a], fields: [{name: a, type: integer, max_length: 5}]", .invalidValue, "5"),
        ("topics: [a], fields: [{name: a, max_length: 0}]", .outOfRange, "0"),
        ("topics: [a], fields: [{name: a}, {name: a}]", .invalidValue, "a"), ("topics: [a], fields: [{name: id}]", .invalidValue, "id"),
        ("topics: [a], fields: [{name: senderId}]", .invalidValue, "senderId"),
        ("topics: [a], at_most_one: [[content]]", .invalidValue, "[content]"),
        ("topics: [a], at_most_one: [[content, recipient]]", .invalidValue, "recipient"),
        ("topics: [a], fields: [{name: a, required: true}, {name: b, required: true}], at_most_one: [[a, b]]", .invalidValue, "[a, b]"),
    ])
    func `what cannot be meant is an error at its place`(_ route: String, _ code: DiagnosticCode, _ text: String) {
        let found = findings(route: route)
        #expect(found.map(\.diagnostic.code) == [code])
        if !text.isEmpty { #expect(found.map(\.text) == [text]) }
    }

    @Test func `more than 32 topics are an error`() {
        let topics = (1...33).map { "t\($0)" }.joined(separator: ", ")
        #expect(findings(route: "topics: [\(topics)]").map(\.diagnostic.code) == [.outOfRange])
        #expect(findings(route: "topics: [\((1...32).map { "t\($0)" }.joined(separator: ", "))]").isEmpty)
    }

    @Test(arguments: [
        ("authentication: api_key", [DiagnosticCode.missingKey, .missingKey]),
        ("authentication: api_key, sender: shop", [.missingKey]),
        ("authentication: api_key, sender: shop, api_key: short", [.literalSecret, .weakSecret]),
        ("authentication: api_key, api_key: 0123456789abcdef0123456789abcdef", [.literalSecret, .missingKey]),
        ("api_key: 0123456789abcdef0123456789abcdef", [.literalSecret, .invalidValue]), ("sender: shop", [.invalidValue]),
    ])
    func `an API key needs a key and a sender, and nothing else has them`(_ route: String, _ codes: [DiagnosticCode]) {
        #expect(findings(route: "topics: [a], \(route)").map(\.diagnostic.code) == codes)
    }

    @Test func `a sender that stands in a topic has to be a segment`() {
        let key = "authentication: api_key, api_key: 0123456789abcdef0123456789abcdef, sender: shop.example"
        #expect(findings(route: "topics: [a], \(key)").filter { $0.diagnostic.severity == .error }.isEmpty)
        for name in ["senderId", "userId"] {
            let found = findings(route: "topics: [\"a.<\(name)>\"], \(key)").filter { $0.diagnostic.severity == .error }
            #expect(found.map(\.text) == ["shop.example"])
        }
    }

    @Test(arguments: [
        ("id", "<id> is generated"), ("senderId", "<senderId> stands for the sender"), ("createdAt", "<createdAt> is generated"),
    ])
    func `a parameter with the name of something else is an error`(_ name: String, _ message: String) {
        let found = findings("{routes: [{method: PUT, path: \"/a/<\(name)>\", event: a, topics: [a]}]}")
        #expect(found.map(\.message) == ["routes[0].path: \(message)"])
    }

    @Test func `a field with the name of a parameter is an error`() {
        let found = findings("{routes: [{method: PUT, path: \"/a/<x>\", event: a, topics: [a], fields: [{name: x}]}]}")
        #expect(found.map(\.message) == ["routes[0].fields[0]: 'x' is a parameter of the path"])
    }

    @Test(arguments: [("/a/<x>", "/a/<y>"), ("/a", "/a")])
    func `the same method and path twice is an error at the second`(_ first: String, _ second: String) {
        func route(_ path: String) -> String { "{method: POST, path: \"\(path)\", event: a, topics: [a]}" }
        let settings = "{routes: [\(route(first)), \(route(second))]}"
        let found = findings(settings)
        #expect(found.map(\.message) == ["routes[1].path: POST \(second) is mapped twice"])
        #expect(found.first.map { String(settings.dropFirst($0.place.column - 1).prefix($0.place.length)) } == "\"\(second)\"")
        #expect(found.first?.notes.count == 1)
    }

    @Test func `two methods at one path, and a word beside a parameter, are two routes`() {
        func route(_ method: String, _ path: String) -> String { "{method: \(method), path: \"\(path)\", event: a, topics: [a]}" }
        let routes = [route("POST", "/a/<x>"), route("PUT", "/a/<x>"), route("POST", "/a/b")].joined(separator: ", ")
        #expect(findings("{routes: [\(routes)]}").isEmpty)
    }

    @Test(arguments: [
        ("{routes: [{path: /a, event: a, topics: [a]}]}", DiagnosticCode.missingKey),
        ("{routes: [{method: GET, path: /a, event: a, topics: [a]}]}", .unknownChoice),
        ("{routes: [{method: POST, path: a, event: a, topics: [a]}]}", .invalidValue), ("{routes: [messages]}", .wrongType),
        ("{routes: {}}", .wrongType), ("{rate: 50}", .missingUnit), ("{burst: 0}", .outOfRange), ("{rate: 50/s, burst: 49}", .invalidValue),
        ("{idempotency: {max_answers: 0}}", .outOfRange), ("{idempotency: {max_bytes: 1KiB}}", .outOfRange),
    ])
    func `settings that cannot be meant are errors`(_ settings: String, _ code: DiagnosticCode) {
        #expect(findings(settings).map(\.code) == [code])
    }

    @Test func `every bad route is told in one run`() {
        let found = findings(
            #"{routes: [{method: POST, path: /a, event: a, topics: ["a.<x>", "a..b"]}, {method: POST, path: /b, event: a, topics: ["<y>", "<z>"]}]}"#
        )
        #expect(found.count == 3)
    }

    @Test func `a key is never shown`() throws {
        let key = String(repeating: "k", count: 32)
        let settings = try SettingsTester.settings(
            IngressSettings.self,
            "{routes: [{method: POST, path: /a, authentication: api_key, api_key: \(key), sender: s, event: a, topics: [a]}]}")
        #expect(!settings.settingText.contains(key))
        #expect(!String(reflecting: settings).contains(key))
    }
}
