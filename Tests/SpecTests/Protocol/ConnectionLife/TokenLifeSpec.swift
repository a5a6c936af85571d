import GatewayTestKit
import Testing

/// The rows of the connection's life about a token that is renewed or expires.
struct TokenLifeSpec {
    // Promise: token.renewal
    @Test(arguments: eventLoops) func `auth for the same user renews the expiry and keeps the subscriptions`(loops: Int) async throws {
        try await withGateway(quiet, loops: loops) { gateway in
            let client = try await gateway.client(ttl: .seconds(30))
            try await client.subscribe("chat")
            try await client.authenticate(try await gateway.token(ttl: .seconds(600)))
            gateway.advance(by: .seconds(100))
            client.publish("chat", "renewed")
            try await client.expectMessage("chat", "renewed")
        }
    }

    // Promise: token.dropped, token.reevaluation
    @Test(arguments: eventLoops) func `the client is told which subscription it lost`(loops: Int) async throws {
        let rules = """
            modules:
              authorization:
                rules:
                  - {allow: [subscribe], topics: ["pro.*"], when: {plan: pro}}
                  - {allow: [subscribe, publish], topics: [open, fence]}
                  - {allow: [publish], topics: ["pro.*"], when: {roles: admin}}
            """
        try await withGateway(rules, loops: loops) { gateway in
            let client = try await gateway.client("alice", ["plan": "pro"])
            try await client.subscribe("pro.news", "open")
            try await client.authenticate(try await gateway.token("alice", ["plan": "basic"]))
            let frame = try await client.expect("unsubscribed")
            #expect(frame["topic"] == "pro.news")
            #expect(frame["details"]?["reason"] == "forbidden")
            let admin = try await gateway.client("bob", ["roles": ["admin"]])
            try await admin.publishAcknowledged("pro.news")
            try await admin.publishAcknowledged("open", "only this")
            try await client.expectMessage("open", "only this")
        }
    }

    // Promise: token.dropped, token.reevaluation
    @Test(arguments: eventLoops) func `a subscription that a module fails to decide on anew is dropped`(loops: Int) async throws {
        let key = "reevaluation-\(loops)"
        let gate = Gate.named(key)
        let waiting = "pipeline: {route: [waiting, authorization]}\nmodules: {waiting: {gate: \(key), later_timeout: 60s}}"
        try await withGateway(waiting, loops: loops) { gateway in
            let client = try await gateway.client()
            client.send(["type": "subscribe", "topic": "wait.a"])
            try await eventually("the module is asked") { gate.arrived == 1 }
            gate.open()
            try await client.expect("subscribed")
            try await client.authenticate(try await gateway.token())
            try await eventually("the module is asked anew") { gate.arrived == 2 }
            gate.fail(Unmet(what: "a verdict"))
            let frame = try await client.expect("unsubscribed")
            #expect(frame["topic"] == "wait.a")
            #expect(frame["details"]?["reason"] == "internal")
            try await gateway.publish(try event(["wait.a"], data: "true"))
            try await client.expectNothingElse()
        }
    }

    // Promise: token.renewal_rate
    @Test func `more than one renewal a second is refused`() async throws {
        try await withGateway { gateway in
            let client = try await gateway.client()
            let token = try await gateway.token()
            try await client.authenticate(token)
            client.send(["type": "auth", "token": .string(token)])
            try await client.expectError(429, "rate_limited")
            gateway.advance(by: .milliseconds(1_100))
            try await client.authenticate(token)
        }
    }

    // Promise: token.other_user
    @Test(arguments: eventLoops) func `auth for another user is a 409 and closes`(loops: Int) async throws {
        try await withGateway(loops: loops) { gateway in
            let client = try await gateway.client("alice")
            client.send(["type": "auth", "token": .string(try await gateway.token("bob"))])
            try await client.expectError(409, "different_user")
            try await client.expectClose(1008, "different_user")
        }
    }

    // Promise: token.other_user
    @Test func `a user whose id only looks the same is another user`() async throws {
        try await withGateway { gateway in
            let client = try await gateway.client("Kim")
            client.send(["type": "auth", "token": .string(try await gateway.token("\u{212A}im"))])
            try await client.expectError(409, "different_user")
            try await client.expectClose(1008, "different_user")
        }
    }

    // Promise: token.bad_renewal
    @Test func `a bad token on an authenticated connection changes nothing`() async throws {
        try await withGateway { gateway in
            let client = try await gateway.client()
            try await client.subscribe("chat")
            client.send(["type": "auth", "token": "nonsense"])
            try await client.expect("auth_error")
            client.publish("chat", "still alice")
            #expect(try await client.expectMessage("chat")["metadata"]?["senderId"] == "alice")
        }
    }

    // Promise: token.expiring
    @Test(arguments: eventLoops) func `the notice comes once, a minute ahead`(loops: Int) async throws {
        try await withGateway(quiet, loops: loops) { gateway in
            let client = try await gateway.client(ttl: .seconds(120))
            gateway.advance(by: .seconds(59))
            try await client.expectNothingElse()
            gateway.advance(by: .milliseconds(1_100))
            try await client.expectError(401, "token_expiring")
            gateway.advance(by: .seconds(50))
            try await client.expectNothingElse()
        }
    }

    // Promise: token.expiring_short
    @Test func `a token that lives no longer than the notice gets none`() async throws {
        try await withGateway(quiet) { gateway in
            let client = try await gateway.client(ttl: .seconds(60))
            gateway.advance(by: .seconds(55))
            try await client.expectNothingElse()
            gateway.advance(by: .seconds(11))
            try await client.expectError(401, "token_expired")
        }
    }

    // Promise: token.expired
    @Test(arguments: eventLoops) func `a token that is not renewed ends the connection after the leeway`(loops: Int) async throws {
        try await withGateway(quiet, loops: loops) { gateway in
            let client = try await gateway.client(ttl: .seconds(30))
            gateway.advance(by: .seconds(34))
            try await client.expectNothingElse()
            gateway.advance(by: .milliseconds(1_100))
            try await client.expectError(401, "token_expired")
            try await client.expectClose(1008, "token_expired")
        }
    }

    // Promise: token.expired_publish
    @Test(arguments: eventLoops) func `nothing is accepted past the expiry, not even at once`(loops: Int) async throws {
        try await withGateway(quiet, loops: loops) { gateway in
            let reader = try await gateway.client("reader")
            try await reader.subscribe("chat")
            let client = try await gateway.client("late", ttl: .seconds(30))
            gateway.advance(by: .milliseconds(35_100))
            client.publish("chat", "too late")
            try await client.expectError(401, "token_expired")
            try await client.expectClose(1008, "token_expired")
            try await gateway.expectNothingElse(reader)
        }
    }

    // Promise: token.expired_delivery
    @Test(arguments: eventLoops) func `nothing is delivered past the expiry, not even at once`(loops: Int) async throws {
        try await withGateway(quiet, loops: loops) { gateway in
            let publisher = try await gateway.client("publisher")
            let client = try await gateway.client("late", ttl: .seconds(30))
            try await client.subscribe("chat")
            gateway.advance(by: .milliseconds(35_100))
            publisher.publish("chat", "too late")
            try await client.expectError(401, "token_expired")
            try await client.expectClose(1008, "token_expired")
        }
    }
}
