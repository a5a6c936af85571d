import GatewayKit
import Testing

@testable import AuthorizationModule

struct RuleConditionTests {
    private static let admin: JSONValue = .string("admin")

    @Test(arguments: [
        (JSONValue.string("admin"), true), (.array([.string("user"), .string("admin")]), true), (.string("administrator"), false),
        (.string("Admin"), false), (.array([]), false), (.array([.array([.string("admin")])]), false),
        (.object(["admin": .bool(true)]), false),
        (.null, false), (.number(0.5), false),
    ])
    func `a claim holds where it equals the value or is a list that holds it`(_ claim: JSONValue, _ holds: Bool) throws {
        let principal = Principal(userID: "ann", claims: ["roles": claim])
        let rules: ConfigurationNode = [["allow": ["publish"], "topics": ["a"], "when": ["roles": "admin"]]]
        #expect(try RuleTester(rules: rules, as: principal).grants(.publish, "a") == holds)
    }

    @Test(arguments: [
        ("7", JSONValue.integer(7)), ("true", .bool(true)), ("1.5", .number(1.5)), ("false", .array([.bool(false)])), ("-3", .integer(-3)),
    ])
    func `numbers and booleans compare as gateway.yaml writes them`(_ text: String, _ claim: JSONValue) {
        #expect(ClaimWord(text).holds(for: claim) == true)
        #expect(ClaimWord(text + "0x").holds(for: claim) == false)
    }

    @Test func `another spelling of the same letters is another claim`() throws {
        let rules: ConfigurationNode = [
            ["allow": ["publish"], "topics": ["a"], "when": ["name": "Kim"]],
            ["allow": ["publish"], "topics": ["b"], "when": ["Kim": "x"]],
        ]
        for claims in [["name": JSONValue.string("\u{212A}im")], ["name": .array([.string("\u{212A}im")])], ["\u{212A}im": .string("x")]] {
            let tester = try RuleTester(rules: rules, as: Principal(userID: "ann", claims: claims))
            #expect(try tester.refuses(.publish, "a") && tester.refuses(.publish, "b"))
        }
    }

    @Test func `every entry of when has to hold`() throws {
        let rules: ConfigurationNode = [["allow": ["publish"], "topics": ["a"], "when": ["roles": "admin", "plan": "pro"]]]
        let both = Principal(userID: "ann", claims: ["roles": Self.admin, "plan": .string("pro")])
        let one = Principal(userID: "ann", claims: ["roles": Self.admin, "plan": .string("free")])
        #expect(try RuleTester(rules: rules, as: both).grants(.publish, "a"))
        #expect(try RuleTester(rules: rules, as: one).refuses(.publish, "a"))
    }

    /// A rule, a principal's claims, and whether `a` may be published to under the rule and the one after it, which allows all.
    @Test(
        arguments: [
            // when
            (true, true, [:], false), (true, true, ["roles": admin], true), (true, true, ["roles": .string("user")], false),
            (false, true, [:], false), (false, true, ["roles": admin], false), (false, true, ["roles": .string("user")], true),
            (false, true, ["roles": .null], false),
            // unless
            (true, false, [:], false), (true, false, ["roles": admin], false), (true, false, ["roles": .string("user")], true),
            (false, false, [:], false), (false, false, ["roles": admin], true), (false, false, ["roles": .string("user")], false),
            (true, false, ["roles": .null], false),
        ] as [(Bool, Bool, [String: JSONValue], Bool)])
    func `a missing claim opens nothing`(_ isAllow: Bool, _ isWhen: Bool, _ claims: [String: JSONValue], _ isAllowed: Bool) throws {
        let rule: ConfigurationNode = [
            isAllow ? "allow" : "deny": ["publish"], "topics": ["a"], isWhen ? "when" : "unless": ["roles": "admin"],
        ]
        // Behind a deny stands a rule that allows, so that only the deny can stop it.
        let rules: ConfigurationNode = isAllow ? [rule] : [rule, ["allow": ["publish"], "topics": ["a"]]]
        let tester = try RuleTester(rules: rules, as: Principal(userID: "ann", claims: claims))
        #expect(try tester.grants(.publish, "a") == isAllowed)
    }

    @Test func `one missing claim of several stops an allow with unless`() throws {
        let rules: ConfigurationNode = [["allow": ["publish"], "topics": ["a"], "unless": ["roles": "admin", "plan": "pro"]]]
        let principal = Principal(userID: "ann", claims: ["plan": .string("free")])
        #expect(try RuleTester(rules: rules, as: principal).refuses(.publish, "a"))
    }

    @Test func `who has not authenticated has no claim and no user`() throws {
        let rules: ConfigurationNode = [
            ["deny": ["publish"], "topics": ["a"], "unless": ["roles": "admin"]],
            ["deny": ["publish"], "topics": ["b.<userId>"]],
            ["allow": ["publish"], "topics": ["**"]],
        ]
        let tester = try RuleTester(rules: rules, as: nil)
        #expect(try tester.refuses(.publish, "a"))
        #expect(try tester.refuses(.publish, "b.anybody"))
        #expect(try tester.grants(.publish, "c"))
    }

    @Test(arguments: ["", "a.b", "joe@example.com", "*", "**", "a b", "ä", "$x", "a\n"])
    func `a user id that is no single segment matches no allow`(_ userID: String) throws {
        let rules: ConfigurationNode = [["allow": ["subscribe"], "topics": ["user.<userId>", "user.<userId>.**"]]]
        let tester = try RuleTester(rules: rules, as: Principal(userID: userID))
        for topic in ["user.a", "user.a.b", "user.*", "user.**", "**", "user.joe@example.com"] {
            #expect(try tester.refuses(.subscribe, topic))
        }
    }

    @Test(arguments: [nil, .null, .string(""), .string("x.y"), .array([.string("x")]), .object([:]), .number(0.5)] as [JSONValue?])
    func `in a deny a value that is no segment stands for any`(_ claim: JSONValue?) throws {
        let rules: ConfigurationNode = [
            ["deny": ["subscribe"], "topics": ["team.<claims.team>"]], ["allow": ["subscribe"], "topics": ["team.*", "team.*.x"]],
        ]
        let tester = try RuleTester(rules: rules, as: Principal(userID: "ann", claims: claim.map { ["team": $0] } ?? [:]))
        #expect(try tester.refuses(.subscribe, "team.red"))
        #expect(try tester.refuses(.subscribe, "team.*"))
        #expect(try tester.grants(.subscribe, "team.red.x"))
    }

    @Test(arguments: [("red", JSONValue.string("red")), ("7", .integer(7)), ("true", .bool(true)), ("joe@x", .string("joe@x"))])
    func `a variable stands for one whole segment`(_ segment: String, _ claim: JSONValue) throws {
        let rules: ConfigurationNode = [["allow": ["publish"], "topics": ["t.<claims.https://example.com/team>.x"]]]
        let tester = try RuleTester(rules: rules, as: Principal(userID: "ann", claims: ["https://example.com/team": claim]))
        #expect(try tester.grants(.publish, "t.\(segment).x"))
        #expect(try tester.refuses(.publish, "t.\(segment)s.x"))
        #expect(try tester.refuses(.publish, "t.\(segment).x.x"))
        #expect(try tester.refuses(.publish, "t.x"))
    }
}
