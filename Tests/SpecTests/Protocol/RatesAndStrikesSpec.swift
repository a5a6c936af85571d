import GatewayTestKit
import Testing

/// What is counted, and what too much of it leads to.
struct RatesAndStrikesSpec {
    // Promise: rates.messages_only
    @Test func `the rate of messages counts messages alone`() async throws {
        try await withGateway("modules: {rate_limit: {rate: 1/s, burst: 2}}") { gateway in
            let client = try await gateway.client()
            for number in 0..<20 { try await client.subscribe("t\(number)") }
            for _ in 0..<20 { try await client.expectNothingElse() }
            for _ in 0..<2 { try await client.publishAcknowledged("free") }
            client.publish("free")
            try await client.expectError(429, "rate_limited")
        }
    }

    // Promise: rates.restore
    @Test(arguments: eventLoops) func `restoring every subscription twice is never refused`(loops: Int) async throws {
        try await withGateway(loops: loops) { gateway in
            let client = try await gateway.client()
            for _ in 0..<2 {
                let topics = JSON.array((0..<128).map { .string("room.\($0)") })
                client.send(["type": "subscribe", "topics": topics])
                for _ in 0..<128 { try await client.expect("subscribed") }
            }
            client.send(["type": "subscribe", "topic": "room.0"])
            try await client.expectError(429, "rate_limited")
        }
    }

    // Promise: rates.refill
    @Test func `a tenth of the burst comes back each second`() async throws {
        try await withGateway("limits: {max_subscriptions: 10}") { gateway in
            let client = try await gateway.client()
            for _ in 0..<20 { try await client.subscribe("a") }
            client.send(["type": "subscribe", "topic": "a"])
            try await client.expectError(429, "rate_limited")
            gateway.advance(by: .seconds(1))
            for _ in 0..<2 { try await client.subscribe("a") }
            client.send(["type": "subscribe", "topic": "a"])
            try await client.expectError(429, "rate_limited")
        }
    }

    // Promise: rates.flood
    @Test(arguments: ["ping", "unsubscribe"]) func `ping and unsubscribe are refused only as a flood`(type: String) async throws {
        try await withGateway("modules: {rate_limit: {rate: 1/s, burst: 10}}", "limits: {max_subscriptions: 10}") { gateway in
            let client = try await gateway.client()
            for _ in 0..<90 { client.send(["type": .string(type), "topic": "a"]) }
            for _ in 0..<90 { try await client.expect(type == "ping" ? "pong" : "unsubscribed") }
            for _ in 0..<400 { client.send(["type": .string(type), "topic": "a"]) }
            while true {
                let frame = try await client.frame()
                guard frame["type"] == "error" else { continue }
                #expect(frame["code"] == 429)
                #expect(frame["details"]?["reason"] == "flood")
                break
            }
        }
    }

    // Promise: rates.per_user
    @Test(arguments: eventLoops) func `a rate per user holds over all of the user's connections`(loops: Int) async throws {
        try await withGateway("modules: {rate_limit: {per: user, rate: 1/s, burst: 4}}", loops: loops) { gateway in
            let clients = [try await gateway.client("alice"), try await gateway.client("alice"), try await gateway.client("bob")]
            for number in 0..<4 { try await clients[number % 2].publishAcknowledged("chat") }
            for client in clients.prefix(2) {
                client.publish("chat")
                try await client.expectError(429, "rate_limited")
            }
            try await clients[2].publishAcknowledged("chat")
        }
    }

    // Promise: strikes.close
    @Test(arguments: eventLoops) func `the twentieth strike is answered and closes`(loops: Int) async throws {
        try await withGateway(loops: loops) { gateway in
            let client = try await gateway.client()
            for _ in 0..<25 { client.send("{") }
            for _ in 0..<20 { try await client.expectError(400, "invalid_json") }
            try await client.expectClose(1008, "too_many_errors")
        }
    }

    // Promise: strikes.window
    @Test func `strikes count for ten seconds`() async throws {
        try await withGateway("limits: {max_strikes: 3}") { gateway in
            let client = try await gateway.client()
            for _ in 0..<5 {
                for _ in 0..<2 {
                    client.send("{")
                    try await client.expectError(400, "invalid_json")
                }
                gateway.advance(by: .milliseconds(10_100))
            }
            try await client.expectNothingElse()
        }
    }

    // Promise: strikes.forbidden
    @Test func `what is forbidden is a strike`() async throws {
        try await withGateway("modules: {authorization: {rules: []}}", "limits: {max_strikes: 3}") { gateway in
            let client = try await gateway.client()
            for _ in 0..<3 { client.publish("a") }
            for _ in 0..<3 { try await client.expectError(403, "forbidden") }
            try await client.expectClose(1008, "too_many_errors")
        }
    }

    // Promise: strikes.forbidden
    @Test(arguments: [true, false]) func `so is what a module refuses that looks at whole messages`(waits: Bool) async throws {
        let gate = Gate.named("strikes-\(waits)")
        let module = "waiting_frames: {gate: strikes-\(waits), answer: refuse, waits: \(waits), later_timeout: 60s}"
        try await withGateway("pipeline: {route: [waiting_frames]}\nmodules: {\(module)}", "limits: {max_strikes: 3}") { gateway in
            let client = try await gateway.client()
            for number in 1...3 {
                client.send("hold")
                if waits {
                    try await eventually("the module is asked") { gate.arrived == number }
                    gate.open()
                }
                try await client.expectError(403, "held")
            }
            try await client.expectClose(1008, "too_many_errors")
            #expect(gateway.log.lines.filter { $0.fields["module"] == "waiting_frames" && $0.message == "refused" }.count >= 3)
        }
    }

    // Promise: strikes.batch
    @Test func `a batch costs one strike for each reason`() async throws {
        try await withGateway("limits: {max_strikes: 3}") { gateway in
            let client = try await gateway.client()
            client.send(.array(Array(repeating: ["type": "unknown"], count: 50) + Array(repeating: ["type": 7], count: 50)))
            for _ in 0..<100 { try await client.expect("error") }
            try await client.expectNothingElse()
            client.send(["type": "unknown"])
            try await client.expectError(400, "unknown_type")
            try await client.expectClose(1008, "too_many_errors")
        }
    }

    // Promise: strikes.rate
    @Test func `refusals for rate cost at most one strike a second`() async throws {
        try await withGateway("modules: {rate_limit: {rate: 1/m, burst: 1}}", "limits: {max_strikes: 3}") { gateway in
            let client = try await gateway.client()
            for _ in 0..<50 { client.publish("a") }
            for _ in 0..<49 { try await client.expectError(429, "rate_limited") }
            try await client.expectNothingElse()
            for _ in 0..<2 {
                gateway.advance(by: .milliseconds(1_100))
                client.publish("a")
                try await client.expectError(429, "rate_limited")
            }
            try await client.expectClose(1008, "too_many_errors")
        }
    }
}
