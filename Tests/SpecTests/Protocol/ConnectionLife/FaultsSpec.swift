import GatewayTestKit
import Testing

/// A fault in a module, or a verdict that waits, stays with the connection that it belongs to.
struct FaultsSpec {
    private func waiting(_ key: String, _ more: String = "later_timeout: 60s") -> String {
        "pipeline: {route: [waiting]}\nmodules: {waiting: {gate: \(key), \(more)}}"
    }

    // Promise: faults.internal
    @Test(arguments: eventLoops) func `a fault in a module is a 500 whose id stands in the log`(loops: Int) async throws {
        let gate = Gate.named("fault-\(loops)")
        try await withGateway(waiting("fault-\(loops)"), loops: loops) { gateway in
            let (client, other) = (try await gateway.client("alice"), try await gateway.client("bob"))
            client.publish("wait")
            try await eventually("the module is asked") { gate.arrived == 1 }
            gate.fail(Unmet(what: "a module's promise"))
            let frame = try await client.expectError(500, "internal")
            let id = try #require(frame["details"]?["errorId"]?.string)
            #expect(gateway.log.text.contains(id))
            try await client.expectNothingElse()
            try await other.expectNothingElse()
        }
    }

    // Promise: faults.internal
    @Test(arguments: ["accept", "handshake"]) func `so is one before the 101`(stage: String) async throws {
        let gate = Gate.named("fault-\(stage)")
        let settings = "pipeline: {\(stage): [waiting]}\nmodules: {waiting: {gate: fault-\(stage), later_timeout: 60s}}"
        try await withGateway(settings) { gateway in
            let client = try await gateway.open()
            client.requestUpgrade()
            try await eventually("the module is asked") { gate.arrived == 1 }
            gate.fail(Unmet(what: "a module's promise"))
            let response = try await client.response()
            #expect(response.status == 500)
            #expect(response.json["error"]?["details"]?["reason"] == "internal")
            let id = try #require(response.json["error"]?["details"]?["errorId"]?.string)
            #expect(gateway.log.text.contains(id))
        }
    }

    // Promise: faults.internal
    @Test(arguments: ["accept", "handshake", "route"]) func `a verdict from another event loop is one like any`(stage: String) async throws
    {
        let gate = Gate.named("elsewhere-\(stage)")
        let settings =
            "pipeline: {\(stage): [waiting]}\nmodules: {waiting: {gate: elsewhere-\(stage), elsewhere: true, later_timeout: 60s}}"
        try await withGateway(settings) { gateway in
            async let opened = gateway.client()
            if stage != "route" {
                try await eventually("the module is asked") { gate.arrived == 1 }
                gate.open()
            }
            let client = try await opened
            client.send(["type": "subscribe", "topic": "wait"])
            if stage == "route" {
                try await eventually("the module is asked") { gate.arrived == 1 }
                gate.open()
            }
            try await client.expect("subscribed")
        }
    }

    // Promise: faults.later_timeout
    @Test(arguments: eventLoops) func `a verdict that does not come is a 503, and late it changes nothing`(loops: Int) async throws {
        let gate = Gate.named("timeout-\(loops)")
        try await withGateway(waiting("timeout-\(loops)", "later_timeout: 2s"), loops: loops) { gateway in
            let client = try await gateway.client()
            client.send(["type": "subscribe", "topic": "wait"])
            try await eventually("the module is asked") { gate.arrived == 1 }
            gateway.advance(by: .milliseconds(2_100))
            try await client.expectError(503, "timeout")
            gate.open()
            try await client.expectNothingElse()
        }
    }

    // Promise: faults.later_timeout
    @Test func `one that comes just in time counts`() async throws {
        let gate = Gate.named("in-time")
        try await withGateway(waiting("in-time", "later_timeout: 2s"), ticking) { gateway in
            let (client, witness) = (try await gateway.client(), try await gateway.client())
            client.send(["type": "subscribe", "topic": "wait"])
            try await eventually("the module is asked") { gate.arrived == 1 }
            gateway.advance(by: .milliseconds(1_800))
            try await gateway.expectTick(witness)
            gate.open()
            try await client.expect("subscribed")
        }
    }

    // Promise: faults.on_error
    @Test func `where a module says so, a verdict that does not come is no objection`() async throws {
        let gate = Gate.named("proceed")
        try await withGateway(waiting("proceed", "later_timeout: 2s, on_error: proceed")) { gateway in
            let client = try await gateway.client()
            client.send(["type": "subscribe", "topic": "wait"])
            try await eventually("the module is asked") { gate.arrived == 1 }
            gateway.advance(by: .milliseconds(2_100))
            try await client.expect("subscribed")
        }
    }

    // Promise: faults.later_timeout, faults.on_error
    @Test(arguments: ["refuse", "proceed"]) func `a module that is late ten times in a row is not asked for five seconds`(onError: String)
        async throws
    {
        let gate = Gate.named("breaker-\(onError)")
        try await withGateway(waiting("breaker-\(onError)", "later_timeout: 1s, on_error: \(onError)")) { gateway in
            let client = try await gateway.client()
            for number in 1...12 {
                client.send(["type": "subscribe", "topic": "wait"])
                if number <= 10 {
                    try await eventually("the module is asked") { gate.arrived == number }
                    gateway.advance(by: .milliseconds(1_100))
                }
                if onError == "refuse" { try await client.expectError(503, "timeout") } else { try await client.expect("subscribed") }
            }
            #expect(gate.arrived == 10)
            gateway.advance(by: .seconds(5))
            client.send(["type": "subscribe", "topic": "wait"])
            try await eventually("the module is asked again") { gate.arrived == 11 }
            gate.open()
            try await client.expect("subscribed")
        }
    }

    // Promise: faults.later_timeout
    @Test func `what such a module answers at once neither helps it nor is kept from anybody`() async throws {
        let gate = Gate.named("breaker-mixed")
        try await withGateway(waiting("breaker-mixed", "later_timeout: 1s")) { gateway in
            let client = try await gateway.client()
            for number in 1...10 {
                client.send(["type": "subscribe", "topic": "wait"])
                try await eventually("the module is asked") { gate.arrived == number }
                gateway.advance(by: .milliseconds(1_100))
                try await client.expectError(503, "timeout")
                try await client.subscribe("free.\(number)")
            }
            client.send(["type": "subscribe", "topic": "wait"])
            try await client.expectError(503, "timeout")
            try await client.subscribe("free")
            #expect(gate.arrived == 10)
        }
    }

    // Promise: faults.order
    @Test(arguments: eventLoops) func `frames behind one that waits keep their places`(loops: Int) async throws {
        let gate = Gate.named("order-\(loops)")
        try await withGateway(waiting("order-\(loops)"), loops: loops) { gateway in
            let (client, other) = (try await gateway.client("alice"), try await gateway.client("bob"))
            client.send(["type": "subscribe", "topic": "wait", "id": "1"])
            client.send(["type": "ping", "id": "2"])
            client.send(["type": "subscribe", "topic": "free", "id": "3"])
            try await eventually("the module is asked") { gate.arrived == 1 }
            try await other.expectNothingElse()
            gate.open()
            for (type, id) in [("subscribed", "1"), ("pong", "2"), ("subscribed", "3")] {
                #expect(try await client.expect(type)["requestId"] == .string(id))
            }
        }
    }

    // Promise: faults.order
    @Test(arguments: eventLoops) func `two modules that wait one after the other keep the order too`(loops: Int) async throws {
        let (first, second) = (Gate.named("first-\(loops)"), Gate.named("second-\(loops)"))
        let settings = """
            pipeline: {route: [waiting/first, waiting/second]}
            modules:
              waiting/first: {gate: first-\(loops), later_timeout: 60s}
              waiting/second: {gate: second-\(loops), later_timeout: 60s}
            """
        try await withGateway(settings, loops: loops) { gateway in
            let client = try await gateway.client()
            client.send(["type": "subscribe", "topic": "wait", "id": "1"])
            client.send(["type": "ping", "id": "2"])
            try await eventually("the first module is asked") { first.arrived == 1 }
            first.open()
            try await eventually("the second module is asked") { second.arrived == 1 }
            client.send(["type": "ping", "id": "3"])
            second.open()
            for (type, id) in [("subscribed", "1"), ("pong", "2"), ("pong", "3")] {
                #expect(try await client.expect(type)["requestId"] == .string(id))
            }
        }
    }

    // Promise: faults.order
    @Test(arguments: eventLoops) func `what a held message brings comes before what came later`(loops: Int) async throws {
        let gate = Gate.named("held-\(loops)")
        let settings = "pipeline: {route: [waiting_frames]}\nmodules: {waiting_frames: {gate: held-\(loops), later_timeout: 60s}}"
        try await withGateway(settings, loops: loops) { gateway in
            let client = try await gateway.client()
            client.send([["type": "ping", "id": "1"], ["type": "subscribe", "topics": ["hold", "free"], "id": "2"]])
            client.send(["type": "ping", "id": "3"])
            try await eventually("the module is asked") { gate.arrived == 1 }
            gate.open()
            for (type, id) in [("pong", "1"), ("subscribed", "2"), ("subscribed", "2"), ("pong", "3")] {
                #expect(try await client.expect(type)["requestId"] == .string(id))
            }
        }
    }

    // Promise: faults.order
    @Test(arguments: eventLoops) func `what cannot be read is told after what came before it`(loops: Int) async throws {
        let gate = Gate.named("unreadable-\(loops)")
        try await withGateway(waiting("unreadable-\(loops)"), loops: loops) { gateway in
            let client = try await gateway.client()
            let frames = [
                TestFrame.text(#"{"type":"subscribe","topic":"wait"}"#), .text(#"{"type":"ping","id":"2"}"#), TestFrame(opcode: 3),
            ]
            client.sendRaw(frames.flatMap(\.bytes))
            try await eventually("the module is asked") { gate.arrived == 1 }
            gate.open()
            try await client.expect("subscribed")
            try await client.expect("pong")
            try await client.expectClose(1002, "protocol_error")
        }
    }

    // Promise: faults.gone
    @Test(arguments: eventLoops) func `a verdict for a client that has gone does no harm`(loops: Int) async throws {
        let gate = Gate.named("gone-\(loops)")
        try await withGateway(waiting("gone-\(loops)"), loops: loops) { gateway in
            let reader = try await gateway.client("reader")
            try await reader.subscribe("**")
            for round in 1...50 {
                let client = try await gateway.client()
                client.publish("wait.\(round)", "from a client that has gone")
                try await eventually("the module is asked") { gate.arrived == round }
                await client.reset()
            }
            try await eventually("they are gone") { gateway.connectionCount == 1 }
            gate.open()
            try await reader.expectNothingElse()
        }
    }
}
