import GatewayKit
import GatewayTestKit
import JWTKit
import Testing

/// The rows of the connection's life from the 101 to a good token.
struct AuthenticationLifeSpec {
    // Promise: life.auth_timeout
    @Test(arguments: eventLoops) func `no auth within ten seconds closes with 1008`(loops: Int) async throws {
        try await withGateway(loops: loops) { gateway in
            let client = try await gateway.connect()
            gateway.advance(by: .milliseconds(9_900))
            try await client.expectNothingElse()
            gateway.advance(by: .milliseconds(200))
            try await client.expectError(408, "auth_timeout")
            try await client.expectClose(1008, "auth_timeout")
        }
    }

    // Promise: life.other_frames, life.other_frames_stay
    @Test(
        arguments: [
            #"{"type":"subscribe","topic":"a"}"#, #"{"type":"subscribe"}"#, #"{"type":"message"}"#, #"{"type":"dance"}"#,
            #"{"type":"unsubscribe","topic":"not a topic"}"#,
        ])
    func `before auth every well-formed frame is a 401, whatever its type`(text: String) async throws {
        try await withGateway { gateway in
            let client = try await gateway.connect()
            client.send(text)
            try await client.expectError(401, "not_authenticated")
            try await client.authenticate(try await gateway.token())
        }
    }

    // Promise: life.malformed_before_auth
    @Test(
        arguments: [
            ("{", "invalid_json"), ("7", "invalid_frame"), ("{}", "missing_field"), (#"{"type":7}"#, "invalid_field"),
            (#"{"type":"ping","id":7}"#, "invalid_field"), (#"{"type":"ping","type":"ping"}"#, "duplicate_key"),
        ])
    func `before auth what is malformed is a 400`(row: (text: String, reason: String)) async throws {
        try await withGateway { gateway in
            let client = try await gateway.connect()
            client.send(row.text)
            try await client.expectError(400, row.reason)
        }
    }

    // Promise: life.strike_before_auth
    @Test func `frames before auth are strikes`() async throws {
        try await withGateway("limits: {max_strikes: 3}") { gateway in
            let client = try await gateway.connect()
            for _ in 0..<3 { client.publish("a") }
            for _ in 0..<3 { try await client.expectError(401, "not_authenticated") }
            try await client.expectClose(1008, "too_many_errors")
        }
    }

    // Promise: life.ping_before_auth
    @Test(arguments: eventLoops) func `ping works before auth and buys no time`(loops: Int) async throws {
        try await withGateway(loops: loops) { gateway in
            let client = try await gateway.connect()
            gateway.advance(by: .seconds(6))
            client.send(["type": "ping"])
            try await client.expect("pong")
            gateway.advance(by: .milliseconds(4_100))
            try await client.expectError(408, "auth_timeout")
        }
    }

    // Promise: life.token_malformed, life.token_signature, life.token_expired, life.token_early, life.token_algorithm, life.token_use
    // Promise: life.token_subject, life.token_expiry, life.token_issuer, life.token_audience
    @Test(arguments: BadToken.allCases) func `a bad token says why it is bad`(token: BadToken) async throws {
        try await withGateway("modules: {jwt: {issuer: us, audience: gateway}}") { gateway in
            let client = try await gateway.connect()
            client.send(["type": "auth", "token": .string(try await token.text(gateway)), "id": "a1"])
            let frame = try await client.expect("auth_error")
            #expect(frame["code"] == 401)
            #expect(frame["message"] == "Invalid token")
            #expect(frame["details"]?["reason"] == .string(token.rawValue))
            #expect(frame["details"]?["requestId"] == "a1")
            try await client.authenticate(try await gateway.token("alice", ["iss": "us", "aud": "gateway"]))
        }
    }

    // Promise: life.token_kind
    @Test func `credentials that no module knows are unsupported`() async throws {
        try await withGateway("pipeline: {auth: [abstaining]}") { gateway in
            let client = try await gateway.connect()
            client.send(["type": "auth", "token": "anything"])
            #expect(try await client.expect("auth_error")["details"]?["reason"] == "unsupported_credentials")
        }
    }

    // Promise: life.attempts
    @Test(arguments: eventLoops) func `the third bad token is answered and closes`(loops: Int) async throws {
        try await withGateway(loops: loops) { gateway in
            let client = try await gateway.connect()
            for _ in 0..<3 { client.send(["type": "auth", "token": "nonsense"]) }
            for _ in 0..<3 { try await client.expect("auth_error") }
            try await client.expectClose(1008, "too_many_attempts")
        }
    }

    // Promise: life.attempts_reset
    @Test func `a good token forgives the bad ones before it`() async throws {
        try await withGateway { gateway in
            let client = try await gateway.connect()
            for _ in 0..<2 { client.send(["type": "auth", "token": "nonsense"]) }
            for _ in 0..<2 { try await client.expect("auth_error") }
            try await client.authenticate(try await gateway.token())
            for _ in 0..<2 {
                gateway.advance(by: .seconds(1))
                client.send(["type": "auth", "token": "nonsense"])
                try await client.expect("auth_error")
            }
            try await client.expectNothingElse()
        }
    }

    // Promise: life.no_token
    @Test(arguments: [#"{"type":"auth"}"#, #"{"type":"auth","token":7}"#, #"{"type":"auth","token":null}"#])
    func `auth without a token is a 400 and counts as a try`(text: String) async throws {
        try await withGateway("auth: {max_attempts: 2}") { gateway in
            let client = try await gateway.connect()
            client.send(text)
            let frame = try await client.expect("error")
            #expect(frame["code"] == 400)
            #expect(frame["details"]?["field"] == "token")
            client.send(["type": "auth", "token": "nonsense"])
            try await client.expect("auth_error")
            try await client.expectClose(1008, "too_many_attempts")
        }
    }

    // Promise: life.later_deadline
    @Test func `a verdict on a token that comes after the deadline changes nothing`() async throws {
        let gate = Gate.named("late-auth")
        try await withGateway(
            "pipeline: {auth: [waiting]}\nmodules: {waiting: {gate: late-auth, later_timeout: 60s}}"
        ) { gateway in
            let client = try await gateway.connect()
            client.send(["type": "auth", "token": "anything"])
            try await eventually("the module is asked") { gate.arrived == 1 }
            gateway.advance(by: .milliseconds(10_100))
            try await client.expectError(408, "auth_timeout")
            gate.open()
            try await client.expectClose(1008, "auth_timeout")
        }
    }

    // Promise: life.not_required
    @Test func `where no auth is required nothing times out and everything is taken`() async throws {
        try await withGateway(quiet, "auth: {required: false}") { gateway in
            let client = try await gateway.connect()
            gateway.advance(by: .seconds(60))
            try await client.subscribe("chat")
            client.publish("chat", 1)
            let frame = try await client.expectMessage("chat", 1)
            #expect(frame["metadata"]?["senderId"] == .null)
        }
    }
}

/// Tokens that are refused, by the reason that is given.
enum BadToken: String, CaseIterable, Sendable {
    case malformed
    case wrongAlgorithm = "wrong_algorithm"
    case invalidSignature = "invalid_signature"
    case expired
    case notYetValid = "not_yet_valid"
    case missingExpiry = "missing_expiry"
    case wrongIssuer = "wrong_issuer"
    case wrongAudience = "wrong_audience"
    case wrongTokenUse = "wrong_token_use"
    case missingSubject = "missing_subject"

    func text(_ gateway: TestGateway) async throws -> String {
        let good: [String: JSON] = ["iss": "us", "aud": "gateway"]
        func token(_ user: String? = "alice", _ claims: [String: JSON] = [:], ttl: Duration = .seconds(60)) async throws -> String {
            try await gateway.token(user, good.merging(claims) { $1 }, ttl: ttl)
        }
        let later = Double(gateway.clock.timestamp.advanced(by: .seconds(60)).milliseconds / 1000)
        return switch self {
        case .malformed: "a.b"
        case .wrongAlgorithm: try await signed(good.merging(["sub": "alice", "exp": .number(later)]) { $1 }, with: .sha384)
        case .invalidSignature: try await gateway.token("alice", good, secret: "another secret of at least thirty-two bytes")
        case .expired: try await token(ttl: .seconds(-6))
        case .notYetValid: try await token("alice", ["nbf": .number(later)])
        case .missingExpiry: try await token("alice", ["exp": .null])
        case .wrongIssuer: try await token("alice", ["iss": "them"])
        case .wrongAudience: try await token("alice", ["aud": ["others"]])
        case .wrongTokenUse: try await token("alice", ["token_use": "refresh"])
        case .missingSubject: try await token(nil)
        }
    }
}
