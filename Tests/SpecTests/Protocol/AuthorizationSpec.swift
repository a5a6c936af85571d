import GatewayTestKit
import Testing

/// Who may subscribe to and publish what.
struct AuthorizationSpec {
    private let example = """
        modules:
          authorization:
            rules:
              - {deny: [publish], topics: ["messages.channel.announcements"], unless: {roles: admin}}
              - {allow: [subscribe, publish], topics: ["messages.channel.*"]}
              - {allow: [subscribe], topics: ["messages.user.<userId>"], when: {plan: pro}}
              - {allow: [subscribe, publish], topics: [fence]}
              - {allow: [publish], topics: ["**"], when: {roles: admin}}
        """

    // Promise: authorization.first_match, authorization.unless
    @Test(arguments: eventLoops) func `the first rule that matches decides`(loops: Int) async throws {
        try await withGateway(example, loops: loops) { gateway in
            let (user, admin) = (try await gateway.client("u"), try await gateway.client("a", ["roles": ["user", "admin"]]))
            #expect(try await user.mayPublish("messages.channel.general"))
            #expect(try await !user.mayPublish("messages.channel.announcements"))
            #expect(try await admin.mayPublish("messages.channel.announcements"))
            #expect(try await user.maySubscribe("messages.channel.announcements"))
        }
    }

    // Promise: authorization.default_deny
    @Test func `what no rule names is forbidden`() async throws {
        try await withGateway(example) { gateway in
            let client = try await gateway.client()
            #expect(try await !client.maySubscribe("messages"))
            #expect(try await !client.maySubscribe("messages.channel.a.b"))
            #expect(try await !client.mayPublish("other"))
        }
    }

    // Promise: authorization.user_segment
    @Test func `a user's id stands for exactly one segment`() async throws {
        try await withGateway("modules: {authorization: {rules: [{allow: [subscribe], topics: [\"user.<userId>\"]}]}}") { gateway in
            let alice = try await gateway.client("alice")
            #expect(try await alice.maySubscribe("user.alice"))
            #expect(try await !alice.maySubscribe("user.bob"))
            for user in ["*", "**", "a.b", "a b", "$a"] {
                let client = try await gateway.client(user)
                for topic in ["user.*", "user.**", "user.a.b", "user.a"] { #expect(try await !client.maySubscribe(topic)) }
            }
        }
    }

    // Promise: authorization.claim_segment
    @Test func `a claim stands for one segment, and a missing one allows nothing`() async throws {
        try await withGateway("modules: {authorization: {rules: [{allow: [publish], topics: [\"team.<claims.team>\"]}]}}") { gateway in
            let user1 = try await gateway.client("a", ["team": "red"])
            #expect(try await user1.mayPublish("team.red"))
            let user2 = try await gateway.client("b", ["team": 7])
            #expect(try await user2.mayPublish("team.7"))
            for claims: [String: JSON] in [[:], ["team": ""], ["team": ["red"]], ["team": .null], ["team": "*"]] {
                let user3 = try await gateway.client("c", claims)
                #expect(try await !user3.mayPublish("team.red"))
            }
        }
    }

    // Promise: authorization.missing_denies
    @Test func `in a deny rule a missing value stands for every segment`() async throws {
        let rules = """
            modules:
              authorization:
                rules:
                  - {deny: [publish], topics: ["team.<claims.blocked>"]}
                  - {allow: [publish], topics: ["team.*"]}
            """
        try await withGateway(rules) { gateway in
            let blocked = try await gateway.client("a", ["blocked": "red"])
            #expect(try await !blocked.mayPublish("team.red"))
            #expect(try await blocked.mayPublish("team.blue"))
            let user4 = try await gateway.client("b")
            #expect(try await !user4.mayPublish("team.blue"))
        }
    }

    // Promise: authorization.when
    @Test func `when holds if every entry is the claim's value or in its list`() async throws {
        let rules = "modules: {authorization: {rules: [{allow: [publish], topics: [a], when: {plan: pro, roles: editor}}]}}"
        try await withGateway(rules) { gateway in
            let user5 = try await gateway.client("a", ["plan": "pro", "roles": ["x", "editor"]])
            #expect(try await user5.mayPublish("a"))
            let user6 = try await gateway.client("b", ["plan": ["pro"], "roles": "editor"])
            #expect(try await user6.mayPublish("a"))
            for claims: [String: JSON] in [[:], ["plan": "pro"], ["plan": "pro", "roles": []], ["plan": "pr", "roles": "editor"]] {
                let user7 = try await gateway.client("c", claims)
                #expect(try await !user7.mayPublish("a"))
            }
        }
    }

    // Promise: authorization.fails_closed
    @Test func `a missing claim saves from no deny and opens no allow`() async throws {
        let rules = """
            modules:
              authorization:
                rules:
                  - {deny: [publish], topics: [a], when: {banned: "true"}}
                  - {deny: [publish], topics: [b], unless: {roles: admin}}
                  - {allow: [publish], topics: [c], unless: {banned: "true"}}
                  - {allow: [publish], topics: [a, b]}
            """
        try await withGateway(rules) { gateway in
            let bare = try await gateway.client("a")
            for topic in ["a", "b", "c"] { #expect(try await !bare.mayPublish(topic)) }
            let good = try await gateway.client("b", ["banned": "false", "roles": "admin"])
            for topic in ["a", "b", "c"] { #expect(try await good.mayPublish(topic)) }
        }
    }

    // Promise: authorization.filter, authorization.direct_messages
    @Test(arguments: eventLoops) func `a wildcard shows only what the client could subscribe to alone`(loops: Int) async throws {
        try await withGateway(example, loops: loops) { gateway in
            let alice = try await gateway.client("alice", ["plan": "pro"])
            let admin = try await gateway.client("admin", ["roles": "admin"])
            #expect(try await alice.maySubscribe("messages.**"))
            for topic in ["messages.user.bob", "messages.user.alice", "messages.other", "messages.channel.general"] {
                #expect(try await admin.mayPublish(topic))
            }
            try await alice.expectMessage("messages.user.alice")
            try await alice.expectMessage("messages.channel.general")
            try await gateway.expectNothingElse(alice)
        }
    }

    // Promise: authorization.granted
    @Test func `a wildcard under which everything is allowed is granted`() async throws {
        try await withGateway(example, "modules: {authorization: {wildcards: deny}}") { gateway in
            let user8 = try await gateway.client()
            #expect(try await user8.maySubscribe("messages.channel.*"))
        }
    }

    // Promise: authorization.wildcards_deny
    @Test func `with wildcards deny a pattern that is allowed in part is forbidden`() async throws {
        try await withGateway(example, "modules: {authorization: {wildcards: deny}}") { gateway in
            let client = try await gateway.client()
            #expect(try await !client.maySubscribe("messages.**"))
            #expect(try await !client.maySubscribe("messages.*.general"))
        }
    }

    // Promise: authorization.none
    @Test(arguments: ["filter", "deny"]) func `a wildcard under which nothing is allowed is forbidden`(mode: String) async throws {
        try await withGateway(example, "modules: {authorization: {wildcards: \(mode)}}") { gateway in
            let client = try await gateway.client()
            for pattern in ["orders.**", "messages.channel.*.*", "*.*", "messages.user.*.**"] {
                #expect(try await !client.maySubscribe(pattern))
            }
        }
    }

    // Promise: authorization.filter_renewal
    @Test(arguments: eventLoops) func `a renewed token changes what a wildcard shows`(loops: Int) async throws {
        try await withGateway(example, loops: loops) { gateway in
            let alice = try await gateway.client("alice", ["plan": "pro"])
            let admin = try await gateway.client("admin", ["roles": "admin"])
            #expect(try await alice.maySubscribe("messages.**"))
            #expect(try await admin.mayPublish("messages.user.alice"))
            try await alice.expectMessage("messages.user.alice")
            try await alice.authenticate(try await gateway.token("alice", ["plan": "basic"]))
            #expect(try await admin.mayPublish("messages.user.alice"))
            try await gateway.expectNothingElse(alice)
        }
    }
}

extension TestClient {
    /// Subscribes, and says whether that was allowed; a refusal must be a 403 that names the topic.
    fileprivate func maySubscribe(_ topic: String) async throws -> Bool {
        send(["type": "subscribe", "topic": .string(topic)])
        return try await isAllowed("subscribed", topic)
    }

    /// Publishes, and says whether that was allowed; a refusal must be a 403 that names the topic.
    fileprivate func mayPublish(_ topic: String) async throws -> Bool {
        send(["type": "message", "topic": .string(topic), "data": 1, "ack": true])
        return try await isAllowed("ack", topic)
    }

    private func isAllowed(_ answer: String, _ topic: String) async throws -> Bool {
        let frame = try await frame()
        if frame["type"]?.string == answer { return true }
        #expect(frame["code"] == 403)
        #expect(frame["details"]?["reason"] == "forbidden")
        #expect(frame["details"]?["topic"] == .string(topic))
        return false
    }
}
