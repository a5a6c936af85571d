import GatewayKit
import GatewayTestKit
import Testing

struct TopicRouteTests {
    @Test(arguments: [1, 2, 4]) func `topics are listed with their subscribers on all loops, the most first`(loops: Int) async throws {
        try await withAdmin(loops: loops) { gateway, admin in
            var clients: [TestClient] = []
            for number in 0..<6 {
                let client = try await gateway.client("user\(number)")
                try await client.subscribe("all")
                if number < 4 { try await client.subscribe("some.*") }
                if number == 0 { try await client.subscribe("z", "a") }
                clients.append(client)
            }
            let data = try #require(try await admin.call(.get, "/admin/v1/topics?limit=3").data)
            #expect(
                data["topics"] == [
                    ["topic": "all", "subscribers": 6], ["topic": "some.*", "subscribers": 4], ["topic": "a", "subscribers": 1],
                ])
            #expect(data["total"] == 4)
            #expect(data["isComplete"] == true)
            try await clients[5].close()
            try await eventually("the last one has gone") {
                try await admin.call(.get, "/admin/v1/topics?limit=1").data?["topics"]?[0]?["subscribers"] == 5
            }
        }
    }

    @Test(arguments: [1, 2]) func `what is too much for one turn of a loop is counted all the same`(loops: Int) async throws {
        try await withAdmin(loops: loops) { gateway, admin in
            var clients: [TestClient] = []
            for _ in 0..<40 {
                let client = try await gateway.client("alice")
                let topics = (0..<120).map { JSON.string("t.\($0)") }
                client.send(["type": "subscribe", "topics": .array(topics)])
                for _ in topics { try await client.expect("subscribed") }
                clients.append(client)
            }
            let list = try await admin.call(.get, "/admin/v1/topics?limit=1000").data
            #expect(list?["total"] == 120)
            #expect(list?["topics"]?.elements?.allSatisfy { $0["subscribers"] == 40 } == true)
            let page = try await admin.call(.get, "/admin/v1/connections?limit=39").data
            #expect(Set(page?["connections"]?.elements?.compactMap { $0["id"]?.string } ?? []).count == 39)
            let disconnected = try await admin.call(.post, "/admin/v1/disconnect", ["user": "alice"]).data
            #expect(disconnected == ["disconnected": 40])
            for client in clients { try await client.expectClose(1008, "disconnected") }
        }
    }

    @Test(arguments: [1, 2]) func `an event is published to a topic`(loops: Int) async throws {
        try await withAdmin(loops: loops) { gateway, admin in
            let client = try await gateway.client("alice")
            try await client.subscribe("news.*")
            let body: JSON = [
                "topic": "news.local", "data": ["n": 1], "eventType": "news.flash",
                "metadata": ["trace": "t1", "senderId": "me", "senderConnectionId": "me"],
            ]
            #expect(try await admin.call(.post, "/admin/v1/publish", body).data == ["topics": ["news.local"]])
            let message = try await client.expectMessage("news.local", ["n": 1])
            #expect(message["eventType"] == "news.flash")
            #expect(message["metadata"] == ["trace": "t1", "senderId": .null, "senderConnectionId": .null])
        }
    }

    @Test func `an event for several topics is one event`() async throws {
        try await withAdmin { gateway, admin in
            let (exact, wild) = (try await gateway.client("alice"), try await gateway.client("bob"))
            try await exact.subscribe("a", "b")
            try await wild.subscribe("*")
            let body: JSON = ["topics": ["a", "b"], "data": .null]
            #expect(try await admin.call(.post, "/admin/v1/publish", body).data == ["topics": ["a", "b"]])
            try await exact.expectMessage("a", .null)
            try await exact.expectMessage("b", .null)
            try await exact.expectNothingElse()
            #expect(try await wild.expectMessage("a")["eventType"] == "message.sent")
            try await wild.expectNothingElse()
            #expect(try await admin.metric("gateway_messages_published_total") == 1)
        }
    }

    @Test(
        arguments: [
            ([:], "topic|topics"), (["topic": "a"], "data"), (["topic": "a.*", "data": 1], "topic"),
            (["topic": "$probe", "data": 1], "topic"),
            (["topic": 1, "data": 1], "topic"), (["topic": "a", "topics": ["b"], "data": 1], "topics"),
            (["topics": [], "data": 1], "topics"),
            (["topics": ["a", 1], "data": 1], "topics"), (["topics": ["a", ""], "data": 1], "topics"),
            (["topics": "a", "data": 1], "topics"),
            (["topic": "a", "data": 1, "eventType": "no spaces"], "eventType"), (["topic": "a", "data": 1, "eventType": ""], "eventType"),
            (["topic": "a", "data": 1, "metadata": []], "metadata"), (["topic": "a", "data": 1, "extra": 1], "extra"),
        ] as [(JSON, String)])
    func `what cannot be published is 400 and named`(body: JSON, field: String) async throws {
        try await withAdmin { _, admin in
            let answer = try await admin.call(.post, "/admin/v1/publish", body)
            #expect(answer.status == 400)
            #expect(answer.details?["field"]?.string == field)
            #expect(answer.details?["issue"]?.string?.isEmpty == false)
            #expect(try await admin.metric("gateway_messages_published_total") == 0)
        }
    }

    @Test func `more than a hundred topics are 400`() async throws {
        try await withAdmin { _, admin in
            let topics = (0...100).map { JSON.string("t\($0)") }
            let answer = try await admin.call(.post, "/admin/v1/publish", ["topics": .array(topics), "data": 1])
            #expect(answer.status == 400)
            #expect(
                try await admin.call(.post, "/admin/v1/publish", ["topics": .array(Array(topics.dropLast())), "data": 1]).status == 200)
        }
    }
}
