import GatewayTestKit
import Testing

/// Many gateways are one: the program, as it is committed, with PUBSUB_ADAPTER=redis and PUBSUB_REDIS_URL.
struct ClusterSpec {
    private static let topic = "messages.channel.general"

    // Promise: environment.redis, cluster.messages
    @Test func `who has logged in at one gateway is heard at every other one`() async throws {
        try await ProgramCluster.with(3, try await RedisServer(), users: ["alice@example.com"]) { cluster in
            try await cluster.expectReadiness(200)
            let session = try await login("alice@example.com", "a password of theirs", cluster.gateways[0].port)
            let token = try #require(session["accessToken"]?.string)
            let user = try #require(session["user"]?["id"]?.string)
            var readers: [TestClient] = []
            for gateway in cluster.gateways {
                let reader = try await TestClient.connect(port: gateway.port)
                try await reader.authenticate(token)
                try await reader.subscribe("messages.channel.general", "messages.user.\(user)")
                readers.append(reader)
                let other = try await TestClient.connect(port: gateway.port)
                try await other.authenticate(token)
                try await other.subscribe("messages.channel.*", "messages.user.\(user)")
                readers.append(other)
            }
            for (index, gateway) in cluster.gateways.enumerated() {
                let http = try await TestClient.open(port: gateway.port)
                let body = #"{"channelId":"general","content":"by \#(index)"}"#
                #expect(try await http.request("POST", "/api/messages", [bearer(session)], body: body).status == 201)
                for reader in readers {
                    let frames = [try await reader.expect("message"), try await reader.expect("message")]
                    #expect(Set(frames.map { $0["topic"]?.string }) == ["messages.channel.general", "messages.user.\(user)"])
                    for frame in frames {
                        #expect(frame["data"]?["content"] == .string("by \(index)"))
                        #expect(frame["metadata"]?["senderId"] == .string(user))
                    }
                }
            }
            readers[0].publish(Self.topic, "from a socket")
            for reader in readers { try await reader.expectMessage(Self.topic, "from a socket") }
        }
    }

    // Promise: cluster.logout
    @Test func `a logout at one gateway ends the login's sockets at the others`() async throws {
        try await ProgramCluster.with(2, try await RedisServer(), users: ["alice@example.com"]) { cluster in
            try await cluster.expectReadiness(200)
            let session = try await login("alice@example.com", "a password of theirs", cluster.gateways[0].port)
            let client = try await TestClient.connect(port: cluster.gateways[1].port)
            try await client.authenticate(session["accessToken"]?.string ?? "")
            let http = try await TestClient.open(port: cluster.gateways[0].port)
            let body = JSON.object(["refreshToken": session["refreshToken"] ?? .null]).text
            #expect(try await http.request("POST", "/api/auth/logout", body: body).status == 200)
            try await client.expectError(401, "revoked")
            try await client.expectClose(1008, "revoked")
        }
    }

    // Promise: cluster.start, cluster.refusals, cluster.readiness
    @Test func `a gateway starts without Redis, says so, refuses, and serves once Redis is there`() async throws {
        let redis = try await RedisServer()
        try await redis.kill()
        try await ProgramCluster.with(2, redis, ProgramCluster.quick) { cluster in
            for answer in try await cluster.expectReadiness(503) {
                #expect(answer.json["error"]?["details"]?["reason"] == "broker_unavailable")
                #expect(answer.json["error"]?["message"]?.string?.contains("127.0.0.1") == false, "\(answer.body)")
            }
            let (reader, publisher) = (try await cluster.client(0, "alice"), try await cluster.client(1, "bob"))
            reader.send(["type": "subscribe", "topic": .string(Self.topic)])
            try await reader.expectError(503, "broker_unavailable")
            publisher.publish(Self.topic, "lost")
            try await publisher.expectError(503, "broker_unavailable")
            try await redis.start()
            try await cluster.expectReadiness(200)
            try await reader.subscribe(Self.topic)
            try await publisher.publishAcknowledged(Self.topic, "found")
            try await reader.expectMessage(Self.topic, "found")
        }
    }

    // Promise: cluster.acknowledged
    @Test func `nothing is acknowledged before Redis has it`() async throws {
        let redis = try await RedisServer()
        try await ProgramCluster.with(2, redis) { cluster in
            try await cluster.expectReadiness(200)
            let (reader, publisher) = (try await cluster.client(1, "alice"), try await cluster.client(0, "bob"))
            try await reader.subscribe(Self.topic)
            try await redis.freeze()
            publisher.send(["type": "message", "topic": .string(Self.topic), "data": "held", "ack": true])
            try await publisher.expectNothingElse()
            try await redis.thaw()
            try await publisher.expect("ack")
            try await reader.expectMessage(Self.topic, "held")
        }
    }

    // Promise: cluster.local
    @Test func `with on_outage local the own node's subscribers get the message, marked, and the publisher is refused all the same`()
        async throws
    {
        let redis = try await RedisServer()
        try await ProgramCluster.with(2, redis, ProgramCluster.quick + ["modules.redis.on_outage=local"]) { cluster in
            try await cluster.expectReadiness(200)
            let (publisher, near, far) = (
                try await cluster.client(0, "alice"), try await cluster.client(0, "near"), try await cluster.client(1, "far")
            )
            for reader in [near, far] { try await reader.subscribe(Self.topic) }
            try await publisher.publishAcknowledged(Self.topic, "before")
            for reader in [near, far] {
                #expect(try await reader.expectMessage(Self.topic, "before")["metadata"]?["localOnly"] == nil)
            }
            try await redis.kill()
            try await cluster.expectReadiness(503)
            publisher.publish(Self.topic, "meanwhile")
            try await publisher.expectError(503, "broker_unavailable")
            #expect(try await near.expectMessage(Self.topic, "meanwhile")["metadata"]?["localOnly"] == true)
            try await redis.start()
            try await cluster.expectReadiness(200)
            for reader in [near, far] { try await reader.expectError(503, "gap") }
            try await publisher.publishAcknowledged(Self.topic, "after")
            for reader in [near, far] {
                #expect(try await reader.expectMessage(Self.topic, "after")["metadata"]?["localOnly"] == nil)
            }
        }
    }
}
