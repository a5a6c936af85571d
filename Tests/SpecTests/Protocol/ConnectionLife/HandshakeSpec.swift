import GatewayTestKit
import Testing

/// The rows of the connection's life before the 101.
struct HandshakeSpec {
    // Promise: handshake.per_ip, handshake.no_open
    @Test(arguments: eventLoops) func `over the cap the upgrade gets a 429 with a time and a reason`(loops: Int) async throws {
        try await withGateway("modules: {ip_cap: {max_connections: 1}}", loops: loops) { gateway in
            _ = try await gateway.connect()
            let response = try await gateway.upgrade()
            #expect(response.status == 429)
            #expect(response["retry-after"].flatMap { Int($0) } ?? 0 > 0)
            #expect(response.json["success"] == false)
            #expect(response.json["error"]?["code"] == 429)
            #expect(response.json["error"]?["details"]?["reason"] == "rate_limited")
        }
    }

    // Promise: handshake.connect_rate
    @Test(arguments: eventLoops) func `over the connect rate the upgrade gets a 429`(loops: Int) async throws {
        try await withGateway("modules: {ip_cap: {connect_rate: 1/s, connect_burst: 3}}", loops: loops) { gateway in
            for _ in 0..<3 { try await gateway.connect().close() }
            #expect(try await gateway.upgrade().status == 429)
            gateway.advance(by: .seconds(1))
            #expect(try await gateway.upgrade().status == 101)
        }
    }

    // Promise: handshake.per_ip_tls
    @Test func `over TLS the 429 comes after the TLS handshake`() async throws {
        let files = try await CertificateFiles()
        try await withGateway(
            "server: {tls: {certificate: \"\(files.certificate)\", key: \"\(files.key)\"}}", "modules: {ip_cap: {max_connections: 1}}"
        ) { gateway in
            var manners = TestClient.Manners()
            manners.trustedCertificate = files.certificate
            _ = try await gateway.connect(manners: manners)
            let client = try await gateway.open(manners: manners)
            client.requestUpgrade()
            #expect(try await client.response().status == 429)
        }
    }

    // Promise: handshake.twice_the_cap
    @Test func `beyond twice the cap a connection is closed without an answer`() async throws {
        try await withGateway("modules: {ip_cap: {max_connections: 2}}") { gateway in
            for _ in 0..<2 { _ = try await gateway.connect() }
            var waiting: [TestClient] = []
            for _ in 0..<3 { waiting.append(try await gateway.open()) }
            guard [.end, .reset].contains(try await waiting[2].next()) else { throw Unmet(what: "a silent end") }
            waiting[0].requestUpgrade()
            #expect(try await waiting[0].response().status == 429)
        }
    }

    // Promise: handshake.origin
    @Test(arguments: [("https://evil.example", 403), ("https://app.example", 101), ("null", 403)])
    func `only the origins of the list get in`(row: (origin: String, status: Int)) async throws {
        try await withGateway("modules: {origin: {allow: [\"https://app.example\"]}}") { gateway in
            let response = try await gateway.upgrade([("Origin", row.origin)])
            #expect(response.status == row.status)
            if row.status == 403 { #expect(response.json["error"]?["details"]?["reason"] == "forbidden") }
        }
    }

    // Promise: handshake.no_origin
    @Test func `who says no origin is no browser and gets in`() async throws {
        try await withGateway("modules: {origin: {allow: [\"https://app.example\"]}}") { gateway in
            let response = try await gateway.upgrade()
            #expect(response.status == 101)
        }
    }

    // Promise: handshake.server_full
    @Test(arguments: eventLoops) func `a full server answers 503 with a time`(loops: Int) async throws {
        try await withGateway("server: {max_connections: 2}", loops: loops) { gateway in
            let clients = [try await gateway.connect(), try await gateway.connect()]
            let response = try await gateway.upgrade()
            #expect(response.status == 503)
            #expect(response.json["error"]?["details"]?["reason"] == "server_full")
            #expect(response["retry-after"] != nil)
            await clients[0].drop()
            try await eventually("there is room again") { try await gateway.upgrade().status == 101 }
        }
    }

    // Promise: handshake.path, handshake.query
    @Test(arguments: [("/", 404), ("/ws/", 404), ("/WS", 404), ("/wss", 404), ("/ws?token=1&x=%20", 101), ("/ws", 101)])
    func `only the endpoint's path is the endpoint`(row: (path: String, status: Int)) async throws {
        try await withGateway { gateway in
            let client = try await gateway.open()
            client.requestUpgrade(path: row.path)
            #expect(try await client.response().status == row.status)
        }
    }

    // Promise: handshake.not_upgrade
    @Test(arguments: [[("Upgrade", "")], [("Connection", "close")], [("Sec-WebSocket-Version", "8")], [("Sec-WebSocket-Version", "")]])
    func `what is no upgrade to version 13 is a 426 that says what is wanted`(headers: [(String, String)]) async throws {
        try await withGateway { gateway in
            let response = try await gateway.upgrade(headers)
            #expect(response.status == 426)
            #expect(response["upgrade"] == "websocket")
            #expect(response["sec-websocket-version"] == "13")
        }
    }

    // Promise: handshake.bad_key
    @Test(arguments: ["", "short", "dGhlIHNhbXBsZSBub25jZQ", "dGhlIHNhbXBsZSBub25jZSBsb25nZXI="])
    func `a key that is not sixteen bytes in base64 is a 400`(key: String) async throws {
        try await withGateway { gateway in
            let response = try await gateway.upgrade([("Sec-WebSocket-Key", key)])
            #expect(response.status == 400)
        }
    }

    // Promise: handshake.method
    @Test func `another method is a 405`() async throws {
        try await withGateway { gateway in
            let client = try await gateway.open()
            client.requestUpgrade(method: "POST")
            #expect(try await client.response().status == 405)
        }
    }

    // Promise: handshake.malformed
    @Test(arguments: [
        "GET /ws\r\n\r\n", "GET /ws HTTP/1.1\r\nno colon\r\n\r\n", "\u{16}\u{3}\u{1}\u{2}\r\n\r\n", "GET /ws HTTP/1.1\r\nA : b\r\n\r\n",
    ])
    func `what is no request is a 400`(head: String) async throws {
        try await withGateway { gateway in
            let client = try await gateway.open()
            client.sendRaw(head)
            #expect(try await client.response().status == 400)
            try await client.expectEnd()
        }
    }

    // Promise: handshake.head_timeout
    @Test(arguments: eventLoops, ["", "GET /ws HTTP/1.1\r\nHost: local"])
    func `a head that is not complete in ten seconds is a 408`(loops: Int, head: String) async throws {
        try await withGateway(loops: loops) { gateway in
            let client = try await gateway.open()
            client.sendRaw(head)
            let response = try await gateway.advancing(by: .milliseconds(10_100)) { try await client.response() }
            #expect(response.status == 408)
            try await client.expectEnd()
        }
    }

    // Promise: handshake.head_timeout
    @Test func `a header timeout of more than a minute is no shorter for it`() async throws {
        try await withGateway(ticking, "http: {header_timeout: 2m}") { gateway in
            let witness = try await gateway.client()
            let client = try await gateway.open()
            try await eventually("the connection is there") { gateway.connectionCount == 2 }
            for _ in 0..<2 {
                gateway.advance(by: .seconds(52))
                try await gateway.expectTick(witness)
            }
            client.requestUpgrade()
            #expect(try await client.response().status == 101)
        }
    }

    // Promise: handshake.head_timeout
    @Test func `while the gateway itself does not read, no head is late`() async throws {
        let gate = Gate.named("head-paused")
        let settings = "pipeline: {accept: [waiting]}\nmodules: {waiting: {gate: head-paused, later_timeout: 60s}}"
        try await withGateway(settings, ticking) { gateway in
            async let opened = gateway.client()
            try await eventually("the module is asked") { gate.arrived == 1 }
            gate.open()
            let witness = try await opened
            let client = try await gateway.open()
            try await eventually("the module is asked") { gate.arrived == 2 }
            gateway.advance(by: .seconds(11))
            try await gateway.expectTick(witness)
            client.requestUpgrade()
            gate.open()
            #expect(try await client.response().status == 101)
        }
    }

    // Promise: handshake.head_size, handshake.head_count
    @Test(arguments: [[("X-Long", String(repeating: "x", count: 16_384))], (0..<101).map { ("X-\($0)", "x") }])
    func `a head over sixteen kibibytes or a hundred lines is a 431`(headers: [(String, String)]) async throws {
        try await withGateway { gateway in
            let response = try await gateway.upgrade(headers)
            #expect(response.status == 431)
        }
    }

    // Promise: handshake.order
    @Test func `a path that is wrong is told before anything else that is wrong`() async throws {
        try await withGateway("modules: {ip_cap: {max_connections: 1}, origin: {allow: [\"https://app.example\"]}}") { gateway in
            _ = try await gateway.connect()
            let client = try await gateway.open()
            client.requestUpgrade(path: "/other", headers: [("Sec-WebSocket-Version", "8"), ("Origin", "https://evil.example")])
            #expect(try await client.response().status == 404)
            #expect(try await gateway.upgrade([("Sec-WebSocket-Version", "8"), ("Origin", "https://evil.example")]).status == 426)
            #expect(try await gateway.upgrade([("Origin", "https://evil.example")]).status == 429)
        }
    }

    // Promise: handshake.body
    @Test func `a refusal is JSON with a code and a text`() async throws {
        try await withGateway { gateway in
            let client = try await gateway.open()
            client.requestUpgrade(path: "/other")
            let response = try await client.response()
            #expect(response["content-type"]?.hasPrefix("application/json") == true)
            #expect(response.json["success"] == false)
            #expect(response.json["error"]?["code"] == 404)
            #expect(response.json["error"]?["message"]?.string?.isEmpty == false)
        }
    }
}
