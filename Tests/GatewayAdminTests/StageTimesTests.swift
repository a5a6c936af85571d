import Foundation
import GatewayKit
import GatewayTestKit
import Testing

/// `gateway_stage_seconds`.
struct StageTimesTests {
    @Test func `accept, handshake and auth are measured for every connection`() async throws {
        try await withAdmin("pipeline: {accept: [patient], handshake: [patient]}") { gateway, admin in
            for number in 0..<3 { _ = try await gateway.client("user\(number)") }
            #expect(try await admin.stageCount("accept", "patient") == 3)
            #expect(try await admin.stageCount("handshake", "patient") == 3)
            #expect(try await admin.stageCount("auth", "by_name") == 3)
        }
    }

    @Test func `commands, whole messages, publishes and deliveries are measured now and then`() async throws {
        try await withAdmin("pipeline: {route: [picky, patient_frames], deliver: [patient]}") { gateway, admin in
            let client = try await gateway.client("alice")
            try await client.subscribe("a")
            for (stage, module) in [("route", "picky"), ("route", "patient_frames"), ("deliver", "patient"), ("pubsub", "loopback")] {
                try await eventually("\(module) is measured") {
                    client.publish("a")
                    try await client.expectMessage("a")
                    return try await admin.stageCount(stage, module) ?? 0 > 0
                }
            }
        }
    }

    @Test func `a module that fails is counted and spared by name, and named again when it answers`() async throws {
        let key = UUID().uuidString
        let door = Door.named(key)
        let layer = """
            pipeline: {route: [patient]}
            modules: {patient: {door: \(key), later_timeout: 1s, breaker: {failures: 2, pause: 3s}}}
            """
        let labels = #"{stage="route",module="patient"}"#
        try await withAdmin(layer) { gateway, admin in
            let client = try await gateway.client("alice")
            door.shut()
            for number in 1...2 {
                client.publish("a")
                try await eventually("it waits") { door.waiting == number }
                gateway.advance(by: .milliseconds(1100))
                try await client.expectError(503, "timeout")
            }
            #expect(try await admin.metric("gateway_breaker_open\(labels)") == 1)
            #expect(try await admin.metric(#"gateway_verdicts_failed_total{stage="route",module="patient",reason="timeout"}"#) == 2)
            client.publish("a")
            try await client.expectError(503, "timeout")
            #expect(door.waiting == 2)
            gateway.advance(by: .seconds(3))
            client.send(["type": "message", "topic": "a", "data": 1, "ack": true])
            try await eventually("it is asked again") { door.waiting == 3 }
            door.open()
            try await client.expect("ack")
            #expect(try await admin.metric("gateway_breaker_open\(labels)") == 0)
            let words = gateway.log.lines.filter { $0.fields["module"] == "patient" }.map(\.message)
            #expect(words.contains { $0.hasPrefix("the module is not asked for a while") })
            #expect(words.contains("the module answers again"))
        }
    }

    @Test(arguments: ["accept", "handshake", "auth"])
    func `a verdict that waits is measured until it came`(stage: String) async throws {
        let key = UUID().uuidString
        let door = Door.named(key)
        try await withAdmin("pipeline: {\(stage): [patient]}\nmodules: {patient: {door: \(key)}}") { gateway, admin in
            door.shut()
            async let client = gateway.client("alice")
            try await waitAt(door, admin, stage, "patient")
            _ = try await client
            #expect(try await admin.stageCount(stage, "patient") == 1)
            #expect(try #require(try await admin.stageSum(stage, "patient")) >= 0.005)
        }
    }

    @Test(arguments: ["patient", "patient_frames"]) func `so is one on a command or a whole message`(module: String) async throws {
        let key = UUID().uuidString
        let door = Door.named(key)
        try await withAdmin("pipeline: {route: [\(module)]}\nmodules: {\(module): {door: \(key)}}") { gateway, admin in
            let client = try await gateway.client("alice")
            try await eventually("one that waits is measured") {
                let before = try await admin.stageSum("route", module) ?? 0
                door.shut()
                client.send(["type": "message", "topic": "a", "data": 1, "ack": true])
                try await passTime { door.waiting == 1 }
                door.open()
                try await client.expect("ack")
                return try await admin.stageSum("route", module) ?? 0 >= before + 0.005
            }
        }
    }

    @Test(arguments: [("hesitant", "picky"), ("hesitant_frames", "patient_frames")])
    func `where each command waits, the module that it waits for is measured like the one after it`(first: String, second: String)
        async throws
    {
        try await withAdmin("pipeline: {route: [\(first), \(second)]}") { gateway, admin in
            let client = try await gateway.client("alice")
            for _ in 0..<300 { try await client.publishAcknowledged("a") }
            let count = try #require(try await admin.stageCount("route", first))
            #expect(count > 0)
            #expect(try await admin.stageCount("route", second) == count)
        }
    }

    @Test func `a verdict that is late is measured once, when nobody waits for it any more`() async throws {
        let key = UUID().uuidString
        let door = Door.named(key)
        let layer = "pipeline: {auth: [patient]}\nmodules: {patient: {door: \(key), later_timeout: 1s}}"
        try await withAdmin(layer) { gateway, admin in
            door.shut()
            let client = try await gateway.connect()
            client.send(["type": "auth", "token": "anything"])
            try await eventually("it waits") { door.waiting == 1 }
            gateway.advance(by: .seconds(2))
            try await client.expectError(503, "timeout")
            #expect(try await admin.stageCount("auth", "patient") == 1)
            door.open()
        }
    }

    /// Lets one wait for 5 ms at least, and nothing be measured meanwhile.
    private func waitAt(_ door: Door, _ admin: AdminCaller, _ stage: String, _ module: String) async throws {
        try await passTime { door.waiting == 1 }
        #expect(try await admin.stageCount(stage, module) == nil)
        door.open()
    }

    /// 5 ms at least, from when it holds.
    private func passTime(once holds: () -> Bool) async throws {
        try await eventually("it waits", holds)
        let start = ContinuousClock.now
        try await eventually("time passes") { start.duration(to: .now) >= .milliseconds(5) }
    }
}

extension AdminCaller {
    fileprivate func stageCount(_ stage: String, _ module: String) async throws -> Double? {
        try await metric("gateway_stage_seconds_count{stage=\"\(stage)\",module=\"\(module)\"}")
    }

    fileprivate func stageSum(_ stage: String, _ module: String) async throws -> Double? {
        try await metric("gateway_stage_seconds_sum{stage=\"\(stage)\",module=\"\(module)\"}")
    }
}
