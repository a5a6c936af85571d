import GatewayKit
import GatewayTestKit
import Testing

struct ConnectionRouteTests {
    private static let nobody = "00000000-0000-4000-8000-000000000000"

    @Test(arguments: [1, 2, 4]) func `live connections are listed page by page, each once`(loops: Int) async throws {
        try await withAdmin(loops: loops) { gateway, admin in
            var clients: [TestClient] = []
            for number in 0..<7 { clients.append(try await gateway.client("user\(number)")) }
            var users: [String] = []
            var ids: [String] = []
            var target = "/admin/v1/connections?limit=3"
            while true {
                let data = try #require(try await admin.call(.get, target).data)
                let page = try #require(data["connections"]?.elements)
                users += page.compactMap { $0["user"]?.string }
                ids += page.compactMap { $0["id"]?.string }
                guard let next = data["next"]?.string else { break }
                #expect(page.count == 3)
                target = "/admin/v1/connections?limit=3&after=\(next)"
            }
            #expect(users.sorted() == (0..<7).map { "user\($0)" })
            #expect(ids == ids.sorted())
            for client in clients { try await client.expectNothingElse() }
        }
    }

    @Test func `a connection is shown with its user, address, age, subscriptions and bytes`() async throws {
        try await withAdmin { gateway, admin in
            let client = try await gateway.client("alice & co")
            try await client.subscribe("b.*", "a")
            gateway.advance(by: .seconds(60))
            let list = try #require(try await admin.call(.get, "/admin/v1/connections?user=alice+%26%20co").data?["connections"]?.elements)
            #expect(list.count == 1)
            let id = try #require(list.first?["id"]?.string)
            let one = try #require(try await admin.call(.get, "/admin/v1/connections/\(id)").data)
            #expect(one["user"] == "alice & co")
            #expect(one["address"] == "127.0.0.1")
            #expect(one["connectedAt"] == "2026-01-01T00:00:00.000Z")
            #expect(one["subscriptions"] == 2)
            #expect(one["topics"] == ["a", "b.*"])
            #expect(one["queuedBytes"] == 0)
            #expect(try #require(one["receivedBytes"]?.integer) > 60)
            #expect(try #require(one["sentBytes"]?.integer) > 60)
            #expect(list.first?["topics"] == nil)
        }
    }

    @Test func `one that has not authenticated has no user`() async throws {
        try await withAdmin { gateway, admin in
            _ = try await gateway.connect()
            #expect(try await admin.call(.get, "/admin/v1/connections").data?["connections"]?[0]?["user"] == .null)
        }
    }

    @Test(arguments: [1, 2]) func `a connection is closed by its id`(loops: Int) async throws {
        try await withAdmin(loops: loops) { gateway, admin in
            let (alice, bob) = (try await gateway.client("alice"), try await gateway.client("bob"))
            let id = try #require(try await admin.call(.get, "/admin/v1/connections?user=alice").data?["connections"]?[0]?["id"]?.string)
            #expect(try await admin.call(.post, "/admin/v1/connections/\(id)/disconnect").data == ["disconnected": 1])
            try await alice.expectClose(1008, "disconnected")
            try await bob.expectNothingElse()
            #expect(try await admin.call(.post, "/admin/v1/connections/\(id)/disconnect").status == 404)
            #expect(try await admin.call(.get, "/admin/v1/connections/\(id)").status == 404)
            #expect(try await admin.metric(#"gateway_closed_total{code="1008",reason="disconnected"}"#) == 1)
        }
    }

    @Test(arguments: [1, 2, 4]) func `every connection of a user is closed, and no other`(loops: Int) async throws {
        try await withAdmin(loops: loops) { gateway, admin in
            var clients: [TestClient] = []
            for _ in 0..<5 { clients.append(try await gateway.client("alice")) }
            let bob = try await gateway.client("bob")
            #expect(try await admin.call(.post, "/admin/v1/disconnect", ["user": "alice"]).data == ["disconnected": 5])
            for client in clients { try await client.expectClose(1008, "disconnected") }
            try await bob.expectNothingElse()
            #expect(try await admin.call(.post, "/admin/v1/disconnect", ["user": "alice"]).data == ["disconnected": 0])
        }
    }

    @Test(arguments: ["x", nobody + "0", nobody.replacing("-", with: "_"), "\u{FF10}" + nobody.dropFirst(), nobody])
    func `what is no id of a connection is 404`(id: String) async throws {
        try await withAdmin { _, admin in
            let shown = try await admin.call(.get, "/admin/v1/connections/\(id)")
            let disconnected = try await admin.call(.post, "/admin/v1/connections/\(id)/disconnect")
            #expect(shown.status == 404 && disconnected.status == 404)
        }
    }

    @Test(arguments: [
        ("limit=0", "limit"), ("limit=1001", "limit"), ("limit=x", "limit"), ("limit=", "limit"), ("after=x", "after"),
        ("limit=1&limit=2", "limit"),
    ])
    func `a parameter that it cannot be is 400 and named`(query: String, field: String) async throws {
        try await withAdmin { _, admin in
            let answer = try await admin.call(.get, "/admin/v1/connections?\(query)")
            #expect(answer.status == 400)
            #expect(answer.details?["field"]?.string == field)
            #expect(answer.details?["issue"]?.string?.isEmpty == false)
        }
    }

    @Test(arguments: ["user=%", "user=%zz", "user=%ff", "user=%+1"]) func `a malformed query is 400`(query: String) async throws {
        try await withAdmin { _, admin in
            let answer = try await admin.call(.get, "/admin/v1/connections?\(query)")
            #expect(answer.status == 400)
        }
    }

    @Test(
        arguments: [
            ([:], "user"), (["user": ""], "user"), (["user": 7], "user"), (["user": "a", "more": 1], "more"),
        ] as [(JSON, String)])
    func `a body that it cannot be is 400 and named`(body: JSON, field: String) async throws {
        try await withAdmin { _, admin in
            let answer = try await admin.call(.post, "/admin/v1/disconnect", body)
            #expect(answer.status == 400)
            #expect(answer.details?["field"]?.string == field)
        }
    }
}
