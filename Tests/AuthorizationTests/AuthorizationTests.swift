import GatewayKit
import Testing

@testable import AuthorizationModule

struct AuthorizationTests {
    /// The rules of gateway.yaml as it comes.
    private static let documented: ConfigurationNode = [
        ["allow": ["subscribe", "publish"], "topics": ["messages.channel.*"]],
        ["allow": ["subscribe"], "topics": ["messages.user.<userId>", "messages.user.<userId>.**", "notifications.user.<userId>"]],
        ["allow": ["subscribe"], "topics": ["messages"], "when": ["roles": "admin"]],
        ["allow": ["ingress"], "topics": ["messages", "messages.user.*", "messages.channel.*"]],
        ["allow": ["subscribe", "publish", "ingress"], "topics": ["**"], "when": ["roles": "admin"]],
    ]
    private static let admin = Principal(userID: "root", claims: ["roles": .array([.string("staff"), .string("admin")])])

    @Test(arguments: [
        ("subscribe", "messages.channel.general"), ("publish", "messages.channel.general"), ("subscribe", "messages.user.ann"),
        ("subscribe", "messages.user.ann.inbox.new"), ("subscribe", "notifications.user.ann"), ("ingress", "messages.user.bob"),
        ("subscribe", "messages.channel.*"), ("subscribe", "messages.user.ann.**"), ("subscribe", "messages.user.ann.*"),
    ])
    func `a user may do what the documented rules say`(_ action: String, _ topic: String) throws {
        let action = try #require(Command.Action(rawValue: action))
        #expect(try RuleTester(rules: Self.documented).grants(action, topic))
    }

    @Test(arguments: [
        ("subscribe", "messages"), ("subscribe", "messages.user.bob"), ("publish", "messages.user.ann"), ("publish", "messages"),
        ("subscribe", "other"), ("ingress", "other"), ("subscribe", "notifications.user.ann.more"), ("subscribe", "messages.channel.a.b"),
        ("subscribe", "messages.user.bob.**"), ("subscribe", "notifications.channel.*"), ("subscribe", "*"),
    ])
    func `a user may do nothing else`(_ action: String, _ topic: String) throws {
        let action = try #require(Command.Action(rawValue: action))
        #expect(try RuleTester(rules: Self.documented).refuses(action, topic))
    }

    @Test(arguments: ["messages.**", "**", "messages.user.*", "messages.*.ann", "notifications.user.*", "*.*.*"])
    func `a wildcard over more than is allowed is filtered`(_ pattern: String) throws {
        #expect(try RuleTester(rules: Self.documented).filters(pattern))
    }

    @Test(arguments: ["**", "*", "messages.**", "messages.user.*", "a.b.*.d"])
    func `an admin gets every wildcard whole`(_ pattern: String) throws {
        #expect(try RuleTester(rules: Self.documented, as: Self.admin).grants(.subscribe, pattern))
    }

    @Test func `messages.** never shows another person's direct messages`() throws {
        let tester = try RuleTester(rules: Self.documented)
        #expect(try tester.admits("messages.user.ann", under: "messages.**"))
        #expect(try tester.admits("messages.channel.general", under: "messages.**"))
        #expect(try !tester.admits("messages.user.bob", under: "messages.**"))
        #expect(try !tester.admits("messages", under: "**"))
    }

    @Test func `the first rule that matches decides`() throws {
        let rules: ConfigurationNode = [
            ["deny": ["publish"], "topics": ["messages.channel.announcements"], "unless": ["roles": "admin"]],
            ["allow": ["subscribe", "publish"], "topics": ["messages.channel.*"]],
            ["allow": ["subscribe"], "topics": ["messages.user.<userId>"], "when": ["plan": "pro"]],
        ]
        let user = try RuleTester(rules: rules)
        #expect(try user.refuses(.publish, "messages.channel.announcements"))
        #expect(try user.grants(.subscribe, "messages.channel.announcements"))
        #expect(try user.grants(.publish, "messages.channel.general"))
        #expect(try user.refuses(.subscribe, "messages.user.ann"))
        #expect(try RuleTester(rules: rules, as: Self.admin).grants(.publish, "messages.channel.announcements"))
        let pro = Principal(userID: "ann", claims: ["plan": .string("pro")])
        #expect(try RuleTester(rules: rules, as: pro).grants(.subscribe, "messages.user.ann"))
    }

    @Test func `without a rule nothing is allowed`() throws {
        let tester = try RuleTester(rules: [])
        #expect(try tester.refuses(.subscribe, "a"))
        #expect(try tester.refuses(.publish, "a"))
        #expect(try tester.refuses(.subscribe, "**"))
    }

    @Test func `a deny behind an allow that covers it takes nothing from a wildcard`() throws {
        let rules: ConfigurationNode = [
            ["allow": ["subscribe"], "topics": ["a.*"]], ["deny": ["subscribe"], "topics": ["a.b"]],
            ["allow": ["subscribe"], "topics": ["*.*"]],
        ]
        #expect(try RuleTester(rules: rules).grants(.subscribe, "*.*"))
        #expect(try RuleTester(rules: rules).filters("**"))
    }

    @Test func `several allows never make up a whole wildcard`() throws {
        let rules: ConfigurationNode = [["allow": ["subscribe"], "topics": ["a.*", "b.*", "*.a", "*.b"]]]
        #expect(try RuleTester(rules: rules).filters("*.*"))
    }

    @Test func `unsubscribe needs no permission`() throws {
        #expect(try RuleTester(rules: []).grants(.unsubscribe, "a.**"))
    }

    @Test func `wildcards: deny refuses what would be filtered`() throws {
        let settings: ConfigurationNode = ["wildcards": "deny", "rules": [["allow": ["subscribe"], "topics": ["a.*"]]]]
        let tester = try RuleTester(settings)
        #expect(try tester.grants(.subscribe, "a.*"))
        let rejection = try #require(try tester.route(.subscribe, "*.*").rejection)
        #expect(rejection.message == "Not allowed to subscribe to every topic under '*.*'")
    }

    @Test(arguments: [
        ("subscribe", "a.b", "Not allowed to subscribe to 'a.b'"), ("publish", "a.b", "Not allowed to publish to 'a.b'"),
        ("ingress", "a.b", "Not allowed to send events to 'a.b'"),
        ("subscribe", "a.*", "Not allowed to subscribe to any topic under 'a.*'"),
    ])
    func `a refusal names the action and the topic`(_ action: String, _ topic: String, _ message: String) throws {
        let action = try #require(Command.Action(rawValue: action))
        let rejection = try RuleTester(rules: []).route(action, topic).rejection
        #expect(rejection == Rejection(.forbidden, message, topic: topic))
        #expect(rejection?.reason.code == 403)
    }

    @Test func `a publish with a wildcard is refused`() throws {
        #expect(try RuleTester(rules: [["allow": ["publish"], "topics": ["**"]]]).refuses(.publish, "a.*"))
    }

    @Test func `a renewed token is looked at anew`() throws {
        let tester = try RuleTester(rules: [["allow": ["subscribe"], "topics": ["<claims.team>"]]])
        #expect(try tester.refuses(.subscribe, "red"))
        tester.connection.principal = Principal(userID: "ann", claims: ["team": .string("red")])
        #expect(try tester.grants(.subscribe, "red"))
        tester.connection.principal = Principal(userID: "ann", claims: ["team": .string("blue")])
        #expect(try tester.refuses(.subscribe, "red"))
    }

    @Test func `after a reload the new rules count on a live connection`() throws {
        let shared = SharedState()
        let old = try RuleTester(["rules": [["allow": ["publish"], "topics": ["a"]]]], sharing: shared)
        let new = try RuleTester(["rules": [["allow": ["publish"], "topics": ["b"]]]], sharing: shared)
        #expect(try old.grants(.publish, "a"))
        var command = Command(.publish, try TopicPattern("a"))
        guard case .refuse = new.module.route(&command, old.connection) else {
            Issue.record("the old rules still count")
            return
        }
    }

    @Test func `a decision names the rule and its place`() throws {
        let module = try RuleTester(rules: Self.documented).module
        let principal = Principal(userID: "ann")
        let allowed = module.decide(.subscribe, try TopicPattern("messages.user.ann"), principal)
        #expect(allowed == RuleDecision(outcome: .granted, rule: 1))
        #expect(module.rule(at: 1)?.place.description == "gateway.yaml:7:5")
        #expect(module.decide(.subscribe, try TopicPattern("other"), principal) == RuleDecision(outcome: .refused))
        #expect(module.decide(.subscribe, try TopicPattern("messages.channel.*"), principal) == RuleDecision(outcome: .granted, rule: 0))
        #expect(module.decide(.publish, try TopicPattern("a.*"), Self.admin) == RuleDecision(outcome: .refused))
        #expect(module.rule(at: 9)?.place == nil)
    }

    @Test func `a wildcard denied whole names the rule that denies it`() throws {
        let module = try RuleTester(rules: [["deny": ["subscribe"], "topics": ["a.**"]], ["allow": ["subscribe"], "topics": ["**"]]]).module
        #expect(module.decide(.subscribe, try TopicPattern("a.b.*"), nil) == RuleDecision(outcome: .refused, rule: 0))
        #expect(module.decide(.subscribe, try TopicPattern("*.*"), nil) == RuleDecision(outcome: .filtered))
    }
}
