import Foundation
import GatewayKit
import GatewayTestKit
import Testing

/// The section about several gateways, whose broker goes away and comes back.
struct BrokerSpec {
    private let name = UUID().uuidString
    private var broker: Relay.Broker { .named(name) }
    private var layer: String { "modules: {relay: {broker: \(name)}}\npipeline: {pubsub: relay}" }

    private func withRelayed(loops: Int = 1, _ body: (TestGateway) async throws -> Void) async throws {
        try await withGateway(quiet, layer, loops: loops, modules: [Relay.self], body)
    }

    // Promise: broker.gap
    @Test(arguments: eventLoops) func `after an outage every subscriber is told of the gap, and nobody else`(loops: Int) async throws {
        try await withRelayed(loops: loops) { gateway in
            let subscribers = [try await gateway.client("alice"), try await gateway.client("bob"), try await gateway.client("carol")]
            let idle = try await gateway.client("dave")
            for client in subscribers { for topic in ["chat", "messages.channel.*"] { try await client.subscribe(topic) } }
            let since = gateway.clock.timestamp
            broker.leave()
            gateway.advance(by: .seconds(5))
            await broker.comeBack(since)
            for client in subscribers {
                let details = try await client.expectError(503, "gap")["details"]
                #expect(details?["topics"] == ["chat", "messages.channel.*"])
                #expect(details?["more"] == nil)
                #expect(details?["dropped"] == .null)
                #expect(details?["since"]?.string == since.text)
            }
            for client in subscribers + [idle] { try await client.expectNothingElse() }
            try await eventually("it is logged") { !gateway.lost.isEmpty }
            #expect(gateway.lost == [["since": since.text, "connections": "3"]])
        }
    }

    // Promise: broker.outage
    @Test func `while the broker is away publishes and new subscriptions are refused, and subscriptions stay`() async throws {
        try await withRelayed { gateway in
            let client = try await gateway.client("alice")
            try await client.subscribe("chat")
            broker.leave()
            client.send(["type": "message", "topic": "chat", "data": 1])
            try await client.expectError(503, "broker_unavailable")
            client.send(["type": "subscribe", "topic": "news"])
            try await client.expectError(503, "broker_unavailable")
            // Nor is it promised to another one what somebody on the same loop has: it would not come.
            let other = try await gateway.client("bob")
            other.send(["type": "subscribe", "topic": "chat"])
            try await other.expectError(503, "broker_unavailable")
            await broker.comeBack(gateway.clock.timestamp)
            #expect(try await client.expectError(503, "gap")["details"]?["topics"] == ["chat"])
            client.send(["type": "message", "topic": "chat", "data": 2])
            #expect(try await client.expect("message")["data"] == 2)
        }
    }

    // Promise: broker.revocation
    @Test func `what one gateway revokes ends the connections of every other one`() async throws {
        try await withRelayed { first in
            try await withRelayed { second in
                let clients = [try await first.client("alice", ["jti": "t1"]), try await second.client("alice", ["jti": "t1"])]
                let others = [try await first.client("alice", ["jti": "t2"]), try await second.client("alice", ["jti": "t2"])]
                try await second.revoke(Revocation(.token("t1")))
                for client in clients {
                    try await client.expectError(401, "revoked")
                    try await client.expectClose(1008, "revoked")
                }
                for other in others { try await other.expectNothingElse() }
            }
        }
    }

    // Promise: broker.revocation_outage
    @Test func `what was revoked while the broker was away holds everywhere once it is back`() async throws {
        try await withRelayed { first in
            try await withRelayed { second in
                let client = try await second.client("alice", ["jti": "t1"])
                broker.leave()
                try await first.revoke(Revocation(.token("t1")))
                await broker.comeBack(first.clock.timestamp)
                try await client.expectError(401, "revoked")
                try await client.expectClose(1008, "revoked")
            }
        }
    }
}

extension TestGateway {
    /// What the log says of gaps.
    fileprivate var lost: [[String: String]] { log.lines.filter { $0.message == "messages may have been lost" }.map(\.fields) }
}
