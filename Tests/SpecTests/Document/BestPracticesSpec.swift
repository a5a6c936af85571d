import GatewayTestKit
import Testing

/// What the document's best practices need of the gateway.
struct BestPracticesSpec {
    // Promise: practice.auth_at_once
    @Test(arguments: eventLoops) func `auth may follow the upgrade request without waiting for its answer`(loops: Int) async throws {
        try await withGateway(loops: loops) { gateway in
            let client = try await gateway.open()
            let token = try await gateway.token()
            client.requestUpgrade()
            client.send(["type": "auth", "token": .string(token)])
            #expect(try await client.response().status == 101)
            try await client.expect("auth_success")
        }
    }

    // Promise: practice.expiration
    @Test(arguments: eventLoops) func `a client is warned before its token expires and renews it in place`(loops: Int) async throws {
        try await withGateway(quiet, loops: loops) { gateway in
            let client = try await gateway.client(ttl: .seconds(300))
            try await client.subscribe("chat")
            gateway.advance(by: .seconds(241))
            try await client.expectError(401, "token_expiring")
            try await client.authenticate(try await gateway.token(ttl: .seconds(300)))
            gateway.advance(by: .seconds(100))
            try await client.expectNothingElse()
            client.publish("chat", "still here")
            try await client.expectMessage("chat", "still here")
        }
    }

    // Promise: practice.wss, practice.security_wss
    @Test(arguments: eventLoops) func `the whole protocol runs over TLS`(loops: Int) async throws {
        let files = try await CertificateFiles()
        try await withGateway("server: {tls: {certificate: \"\(files.certificate)\", key: \"\(files.key)\"}}", loops: loops) { gateway in
            var manners = TestClient.Manners()
            manners.trustedCertificate = files.certificate
            let client = try await gateway.client(manners: manners)
            try await client.subscribe("chat")
            client.publish("chat", .string(String(repeating: "secret ", count: 20_000)))
            try await client.expectMessage("chat", .string(String(repeating: "secret ", count: 20_000)))
            try await client.close()
        }
    }

    // Promise: practice.unsubscribe
    @Test(arguments: eventLoops) func `nothing arrives any more for what was unsubscribed`(loops: Int) async throws {
        try await withGateway(loops: loops) { gateway in
            let (alice, bob) = (try await gateway.client("alice"), try await gateway.client("bob"))
            try await alice.subscribe("chat", "news")
            try await alice.unsubscribe("chat")
            try await bob.publishAcknowledged("chat")
            try await bob.publishAcknowledged("news")
            try await alice.expectMessage("news")
        }
    }

    // Promise: practice.batch_subscriptions
    @Test(arguments: eventLoops) func `several topics can be subscribed to at once`(loops: Int) async throws {
        try await withGateway(loops: loops) { gateway in
            let client = try await gateway.client()
            client.send(["type": "subscribe", "topics": ["a", "b.*", "c.**"]])
            for topic in ["a", "b.*", "c.**"] { #expect(try await client.expect("subscribed")["topic"] == .string(topic)) }
        }
    }

    // Promise: practice.batch_messages
    @Test(arguments: eventLoops) func `several messages can be published at once`(loops: Int) async throws {
        try await withGateway(loops: loops) { gateway in
            let (alice, bob) = (try await gateway.client("alice"), try await gateway.client("bob"))
            try await alice.subscribe("chat")
            bob.send(.array((0..<10).map { ["type": "message", "topic": "chat", "data": .number(Double($0))] }))
            for number in 0..<10 { try await alice.expectMessage("chat", .number(Double(number))) }
        }
    }

    // Promise: practice.validation
    @Test(
        arguments: eventLoops,
        ["", "null", "7", #""text""#, "{", #"{"type":5}"#, #"{"type":"subscribe","topic":7}"#, #"{"type":"message","topic":"a"}"#])
    func `what is malformed is refused and harms nobody`(loops: Int, text: String) async throws {
        try await withGateway(loops: loops) { gateway in
            let client = try await gateway.client()
            client.send(text)
            #expect(try await client.expect("error")["code"] == 400)
            try await client.expectNothingElse()
        }
    }

    // Promise: practice.sanitizing
    @Test(arguments: eventLoops) func `content is passed on as it is, for the reader to escape`(loops: Int) async throws {
        try await withGateway(loops: loops) { gateway in
            let client = try await gateway.client()
            try await client.subscribe("chat")
            client.publish("chat", "<script>alert('hello')</script>")
            try await client.expectMessage("chat", "<script>alert('hello')</script>")
        }
    }

    // Promise: practice.rate
    @Test(arguments: eventLoops) func `publishing has a rate`(loops: Int) async throws {
        try await withGateway(loops: loops) { gateway in
            let client = try await gateway.client()
            for _ in 0..<100 { try await client.publishAcknowledged("chat") }
            client.publish("chat")
            let frame = try await client.expectError(429, "rate_limited")
            let wait = try #require(frame["details"]?["retryAfterMs"]?.integer)
            gateway.advance(by: .milliseconds(wait))
            try await client.publishAcknowledged("chat")
        }
    }
}
