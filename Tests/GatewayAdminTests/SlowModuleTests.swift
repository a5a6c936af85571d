import GatewayKit
import GatewayTestKit
import NIOCore
import Testing

/// A module that takes long to answer holds up everybody on its loop: the log and the metrics name it, whatever it was asked.
struct SlowModuleTests {
    private static let stages: [Ponderous.Call: String] = [
        .accept: "accept", .released: "accept", .handshake: "handshake", .authenticate: "auth", .route: "route", .promise: "route",
        .filter: "route", .deliver: "deliver", .publish: "pubsub", .subscribe: "pubsub", .unsubscribe: "pubsub", .opened: "hooks",
        .authenticated: "hooks", .closed: "hooks",
    ]

    @Test(arguments: Ponderous.Call.allCases)
    func `a module that holds its loop up is named, in whatever it does`(call: Ponderous.Call) async throws {
        let stage = try #require(Self.stages[call])
        try await withPonderous(call) { gateway, admin in
            try await eventually("it is named") {
                let client = try await gateway.client("alice")
                try await client.subscribe("a.*", "a.b")
                client.publish("a.c")
                try await client.expectMessage("a.c")
                client.send(["type": "unsubscribe", "topic": "a.b"])
                try await client.expect("unsubscribed")
                await client.drop()
                return gateway.isNamed(stage)
            }
            let sum = #"gateway_stage_seconds_sum{stage="\#(stage)",module="ponderous"}"#
            #expect(try #require(try await admin.metric(sum)) >= (call == .promise ? 0 : 0.01))
        }
    }

    @Test func `so is one that takes its time for an application's event of several topics`() async throws {
        for call in [Ponderous.Call.publish, .deliver] {
            try await withPonderous(call) { gateway, _ in
                let client = try await gateway.client("alice")
                try await client.subscribe("a.b")
                let event = Event(
                    topic: try Topic("x"), otherTopics: [try Topic("a.b")],
                    message: Message(data: ByteBuffer(string: "1"), metadata: ByteBuffer(), eventType: ByteBuffer(string: "e")),
                    sender: Sender(userID: nil, connection: nil))
                try await eventually("it is named") {
                    try await gateway.publish(event)
                    try await client.expectMessage("a.b")
                    return gateway.isNamed(try #require(Self.stages[call]))
                }
            }
        }
    }

    private func withPonderous(_ call: Ponderous.Call, _ body: (TestGateway, AdminCaller) async throws -> Void) async throws {
        let layer = """
            pipeline:
              accept: [ponderous]
              handshake: [ponderous]
              auth: [ponderous]
              route: [ponderous]
              deliver: [ponderous]
              pubsub: ponderous
            modules: {ponderous: {at: \(call.rawValue)}}
            """
        try await withAdmin(layer, body)
    }
}

extension TestGateway {
    fileprivate func isNamed(_ stage: String) -> Bool {
        log.lines.contains {
            $0.message.contains("holds up its event loop") && $0.fields["module"] == "ponderous" && $0.fields["stage"] == stage
        }
    }
}
