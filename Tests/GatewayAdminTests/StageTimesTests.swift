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

    @Test func `of commands and of whole messages one in 256 is measured`() async throws {
        try await withAdmin("pipeline: {route: [picky, patient_frames]}") { gateway, admin in
            let client = try await gateway.client("alice")
            // The auth was a message too.
            for _ in 0..<254 { client.publish("a") }
            try await client.expectNothingElse()
            #expect(try await admin.stageCount("route", "patient_frames") == 1)
            #expect(try await admin.stageCount("route", "picky") == nil)
            try await client.publishAcknowledged("a")
            try await client.publishAcknowledged("a")
            #expect(try await admin.stageCount("route", "picky") == 1)
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

    @Test(arguments: [("patient", 255), ("patient_frames", 254)])
    func `so is one on a command or a whole message`(module: String, before: Int) async throws {
        let key = UUID().uuidString
        let door = Door.named(key)
        try await withAdmin("pipeline: {route: [\(module)]}\nmodules: {\(module): {door: \(key)}}") { gateway, admin in
            let client = try await gateway.client("alice")
            for _ in 1..<before { client.publish("a") }
            try await client.publishAcknowledged("a")
            door.shut()
            async let published: Void = client.publishAcknowledged("a")
            try await waitAt(door, admin, "route", module)
            try await published
            #expect(try await admin.stageCount("route", module) == 1)
            #expect(try #require(try await admin.stageSum("route", module)) >= 0.005)
        }
    }

    @Test(arguments: [("hesitant", "picky"), ("hesitant_frames", "patient_frames")])
    func `where each command waits, the module that it waits for is measured like the one after it`(first: String, second: String)
        async throws
    {
        try await withAdmin("pipeline: {route: [\(first), \(second)]}") { gateway, admin in
            let client = try await gateway.client("alice")
            for _ in 0..<300 { try await client.publishAcknowledged("a") }
            #expect(try await admin.stageCount("route", first) == 1)
            #expect(try await admin.stageCount("route", second) == 1)
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
        try await eventually("it waits") { door.waiting == 1 }
        let start = ContinuousClock.now
        try await eventually("time passes") { start.duration(to: .now) >= .milliseconds(5) }
        #expect(try await admin.stageCount(stage, module) == nil)
        door.open()
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
