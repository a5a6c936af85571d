import GatewayKit
import Testing

@testable import AuthorizationModule

struct AuthorizationSettingsTests {
    private func findings(_ rule: ConfigurationNode) -> [Diagnostic] { decode(AuthorizationSettings.self, ["rules": [rule]]).diagnostics }

    @Test(arguments: [
        ("<userid>", "did you mean '<userId>'?"), ("a.<user_id>.b", "did you mean '<userId>'?"),
        ("<claim.team>", "did you mean '<claims.team>'?"), ("<Claims.team>", "did you mean '<claims.team>'?"),
        ("<team>", "write <userId>, or <claims.team> for a claim of the token"),
        ("<>", "write <userId>, or <claims.NAME> for a claim of the token"),
        ("a.<claims.>", "write <userId>, or <claims.NAME> for a claim of the token"),
        ("a..b", "write a word, *, <userId> or <claims.NAME> between two dots"),
        ("a.**.b", "** stands for the end of a topic; for one segment write *"), ("a.b*", "* and ** stand alone between two dots"),
        ("user-<userId>", "put a dot before and after <…>, or nothing at all"),
        ("<userId>s", "put a dot before and after <…>, or nothing at all"), ("<userId", "write <userId> or <claims.NAME>"),
    ])
    func `a bad pattern is told with what to write`(_ template: String, _ help: String) {
        let found = findings(["allow": ["subscribe"], "topics": [ConfigurationNode(stringLiteral: template)]])
        #expect(found.count == 1)
        #expect(found.first?.code == .invalidValue)
        #expect(found.first?.help == help)
        #expect(found.first?.place.line == 7)
    }

    @Test(arguments: [
        "a..b", "", ".a", "a.", "a b", "$a", "a/b", "1.2.3.4.5.6.7.8.9.10.11.12.13.14.15.16.17", "<claims.>", "x>", "<userId>.<b",
        "<userId>.",
        String(repeating: "a", count: 256),
    ])
    func `a pattern against the grammar is an error`(_ template: String) {
        let found = findings([
            "allow": ["subscribe"], "topics": [ConfigurationNode(.scalar(template, isPlain: false), at: SourcePlace(.file("x")))],
        ])
        #expect(found.map(\.code) == [.invalidValue])
    }

    @Test(arguments: ["a", "**", "*", "a.*.**", "<userId>", "<userId>.<claims.a.b>.**", "a_b-c:d@e"])
    func `a good pattern is read`(_ template: String) throws {
        #expect(try TopicTemplate(template).text == template)
    }

    @Test func `both allow and deny is an error`() {
        let found = findings(["allow": ["subscribe"], "deny": ["publish"], "topics": ["a"]])
        #expect(found.map(\.code) == [.invalidValue])
        #expect(found.first?.notes.count == 1)
    }

    @Test func `neither allow nor deny is an error`() {
        #expect(findings(["topics": ["a"]]).map(\.code) == [.missingKey])
    }

    @Test func `a rule that names no action or no topic is an error`() {
        #expect(findings(["allow": [], "topics": ["a"]]).map(\.code) == [.invalidValue])
        #expect(findings(["deny": [], "topics": ["a"]]).map(\.code) == [.invalidValue])
        #expect(findings(["allow": ["publish"], "topics": []]).map(\.code) == [.invalidValue])
        #expect(findings(["allow": ["publish"]]).map(\.code) == [.missingKey])
        #expect(findings("null").map(\.code) == [.wrongType])
    }

    @Test func `an unknown action is told with the nearest`() {
        let found = findings(["allow": ["subscibe"], "topics": ["a"]])
        #expect(found.map(\.code) == [.unknownChoice])
        #expect(found.first?.help == "did you mean 'subscribe'?")
    }

    @Test func `an unknown key of a rule is told with the nearest`() {
        let found = findings(["allow": ["subscribe"], "topic": ["a"], "topics": ["a"]])
        #expect(found.map(\.code) == [.unknownKey])
        #expect(found.first?.help == "did you mean 'topics'?")
    }

    @Test func `every bad rule is told in one run`() {
        let settings: ConfigurationNode = [
            "wildcards": "filtr",
            "rules": [["allow": ["x"], "topics": ["a"]], ["allow": ["publish"], "topics": ["a..b", "<x>"], "when": ["a": ["b"]]]],
        ]
        #expect(decode(AuthorizationSettings.self, settings).diagnostics.count == 5)
    }

    @Test func `a rule keeps its place`() {
        let settings = decode(AuthorizationSettings.self, ["rules": [["allow": ["subscribe"], "topics": ["a"]]]]).value
        #expect(settings?.rules.first?.place == SourcePlace(.file("gateway.yaml"), line: 7, column: 5))
    }
}
