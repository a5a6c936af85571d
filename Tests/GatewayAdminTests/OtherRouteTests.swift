import GatewayAdmin
import GatewayKit
import GatewayServer
import GatewayTestKit
import Testing

struct OtherRouteTests {
    @Test func `tokens are revoked by id, by session and by user until now`() async throws {
        try await withAdmin { gateway, admin in
            let path = "/admin/v1/revocations"
            let answer = try await admin.call(.post, path, ["token": "t", "expiresAt": "2026-02-01T00:00:00Z"])
            #expect(answer.data == ["token": "t", "disconnected": 1])
            let session: JSON = ["session": "s", "expiresAt": "2026-02-01T01:00:00.500+01:00"]
            #expect(try await admin.call(.post, path, session).data == ["session": "s", "disconnected": 2])
            #expect(
                try await admin.call(.post, path, ["user": "u"]).data
                    == ["user": "u", "issuedUntil": "2026-01-01T00:00:00.000Z", "disconnected": 3])
            let february = Timestamp(milliseconds: 1_769_904_000_000)
            #expect(
                await admin.revoked.all == [
                    Revocation(.token("t"), expiresAt: february),
                    Revocation(.session("s"), expiresAt: february.advanced(by: .milliseconds(500))),
                    Revocation(.user("u", issuedUntil: gateway.clock.timestamp)),
                ])
        }
    }

    @Test func `a user's tokens are revoked up to a time that is given, which may be ahead by what clocks differ`() async throws {
        try await withAdmin { gateway, admin in
            let path = "/admin/v1/revocations"
            let before = gateway.clock.timestamp.advanced(by: .seconds(-90))
            let ahead = gateway.clock.timestamp.advanced(by: .seconds(5))
            for time in [before, ahead] {
                let answer = try await admin.call(.post, path, ["user": "u", "issuedUntil": .string(time.text)])
                #expect(answer.data?["issuedUntil"]?.string == time.text)
            }
            #expect(await admin.revoked.all == [before, ahead].map { Revocation(.user("u", issuedUntil: $0)) })
        }
    }

    @Test(
        arguments: [
            ([:], "token|session|user"), (["token": "t", "user": "u"], "user"), (["token": ""], "token"), (["user": 1], "user"),
            (["token": "t", "expiresAt": "tomorrow"], "expiresAt"), (["token": "t", "expiresAt": 1], "expiresAt"),
            (["token": "t", "why": "x"], "why"), (["user": "u", "issuedUntil": "now"], "issuedUntil"),
            (["user": "u", "issuedUntil": "2026-01-01T00:00:05.001Z"], "issuedUntil"),
            (["token": "t", "issuedUntil": "2026-01-01T00:00:00Z"], "issuedUntil"),
        ] as [(JSON, String)])
    func `what revokes nothing is 400 and named`(body: JSON, field: String) async throws {
        try await withAdmin { _, admin in
            let answer = try await admin.call(.post, "/admin/v1/revocations", body)
            #expect(answer.status == 400)
            #expect(answer.details?["field"]?.string == field)
            #expect(await admin.revoked.all.isEmpty)
        }
    }

    @Test func `the log level is told and changed`() async throws {
        try await withAdmin { _, admin in
            let before = try await admin.call(.get, "/admin/v1/log-level")
            #expect(before.data == ["level": "info"])
            #expect(try await admin.call(.put, "/admin/v1/log-level", ["level": "debug"]).data == ["level": "debug"])
            #expect(admin.threshold.level == .debug)
            #expect(try await admin.call(.get, "/admin/v1/log-level").data == ["level": "debug"])
            for body: JSON in [["level": "loud"], ["level": 1], [:], ["level": "info", "for": "ever"]] {
                #expect(try await admin.call(.put, "/admin/v1/log-level", body).status == 400)
            }
            #expect(admin.threshold.level == .debug)
        }
    }

    @Test func `the ports that are listened on are told`() async throws {
        try await withAdmin { gateway, admin in
            let data = try await admin.call(.get, "/admin/v1/listeners").data
            let endpoint = JSON.string("ws://localhost:\(gateway.port)/ws")
            #expect(data == ["listeners": [["address": "127.0.0.1", "port": .number(Double(gateway.port)), "endpoint": endpoint]]])
        }
    }

    @Test func `a body that is no object is 400`() async throws {
        try await withAdmin { _, admin in
            for path in ["publish", "disconnect", "revocations"] {
                let answer = try await admin.call(.post, "/admin/v1/\(path)", [1])
                #expect(answer.details?["reason"] == "invalid_frame")
                #expect(try await admin.call(.post, "/admin/v1/\(path)").status == 400)
            }
        }
    }

    @Test func `the description of the API is served`() async throws {
        try await withAdmin { _, admin in
            let answer = try await admin.call(.get, "/admin/v1/openapi.json")
            #expect(answer.json == ["openapi": "3.1.0"])
        }
    }

    @Test func `what the deployment cannot do has no route`() async throws {
        try await withAdmin { gateway, admin in
            let routes = AdminRoutes.make(gateway: gateway.gateway, logThreshold: admin.threshold, metrics: admin.registry)
            let paths = Set(routes.map(\.path.description))
            #expect(!paths.contains("/admin/v1/revocations") && !paths.contains("/admin/v1/openapi.json"))
            #expect(paths.contains("/metrics") && paths.contains("/livez") && paths.contains("/readyz"))
        }
    }

    @Test func `every operation has a name of its own and what it answers`() async throws {
        try await withAdmin { _, admin in
            #expect(Set(admin.routes.map(\.operation.id)).count == admin.routes.count)
            #expect(Set(admin.routes.map { "\($0.method) \($0.path)" }).count == admin.routes.count)
            for route in admin.routes {
                #expect(!route.operation.answers.isEmpty && route.operation.summary.hasSuffix("."))
                #expect(route.path.description != "/")
            }
        }
    }
}
