import GatewayKit
import GatewayTestKit
import NIOCore
import Testing

@testable import GatewayServer

/// A module that takes long to answer holds up everybody on its loop: the log and the metrics name it, whatever it was asked.
struct SlowModuleTests {
    /// 12 ms of the event loop.
    private func takingLong(_ slow: EveryCall.Call) -> @Sendable (EveryCall.Call) -> Void {
        { call in
            guard call == slow else { return }
            let end = NIODeadline.now() + .milliseconds(12)
            while NIODeadline.now() < end {}
        }
    }

    @Test(arguments: EveryCall.Call.allCases)
    func `a module that holds its loop up is named, in whatever it does`(call: EveryCall.Call) async throws {
        try await EveryCall.$body.withValue(takingLong(call)) {
            try await TestGateway.with(EveryCall.self) { gateway in
                try await eventually("it is named") {
                    try await EveryCall.provoke(gateway)
                    return gateway.isNamed(call.stage)
                }
                let times = try await gateway.gateway.metrics().first { $0.name == "gateway_stage_seconds" }
                let sum = times?.samples.first { sample in
                    sample.suffix == "_sum" && sample.labels.map(\.value) == [call.stage, EveryCall.name]
                }
                #expect(try #require(sum?.value) >= 0.01)
            }
        }
    }

    @Test func `so is one that takes long to promise a verdict`() async throws {
        try await EveryCall.$body.withValue(takingLong(.route)) {
            try await TestGateway.with(EveryCall.self, "{promises: true}") { gateway in
                try await eventually("it is named") {
                    try await EveryCall.provoke(gateway)
                    return gateway.isNamed("route")
                }
            }
        }
    }

    @Test(arguments: [EveryCall.Call.publish, .deliver])
    func `so is one that takes its time for an application's event of several topics`(call: EveryCall.Call) async throws {
        try await EveryCall.$body.withValue(takingLong(call)) {
            try await TestGateway.with(EveryCall.self) { gateway in
                let client = try await gateway.connect()
                try await client.authenticate("alice")
                try await client.subscribe("a.b")
                let event = Event(
                    topic: try Topic("x"), otherTopics: [try Topic("a.b")],
                    message: Message(data: ByteBuffer(string: "1"), metadata: ByteBuffer(), eventType: ByteBuffer(string: "e")),
                    sender: Sender(userID: nil, connection: nil))
                try await eventually("it is named") {
                    try await gateway.publish(event)
                    try await client.expectMessage("a.b")
                    return gateway.isNamed(call.stage)
                }
            }
        }
    }
}

extension TestGateway {
    fileprivate func isNamed(_ stage: String) -> Bool {
        log.lines.contains {
            $0.message.contains("holds up its event loop") && $0.fields["module"] == EveryCall.name && $0.fields["stage"] == stage
        }
    }
}
