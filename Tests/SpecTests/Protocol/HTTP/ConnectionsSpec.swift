import GatewayTestKit
import Testing

/// Connections that carry plain HTTP: one request after another, deadlines, counts.
struct ConnectionsSpec {
    // Promise: http.keep_alive
    @Test(arguments: eventLoops) func `one connection carries one request after another`(loops: Int) async throws {
        try await withGateway(web(), loops: loops) { gateway in
            let client = try await gateway.open()
            for _ in 0..<3 { #expect(try await client.request("POST", "/echo", body: "[1]").body == "[1]") }
            let last = try await client.request("GET", "/hello", [("Connection", "close")])
            #expect(last["connection"] == "close")
            try await client.expectEnd()
        }
    }

    // Promise: http.pipelining
    @Test(arguments: eventLoops) func `requests that come together are answered in order`(loops: Int) async throws {
        try await withGateway(web(), loops: loops) { gateway in
            let client = try await gateway.open()
            let posts = (0..<40).map { number in
                let body = "\(number)"
                return
                    "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
            }
            client.sendRaw(posts.joined())
            for number in 0..<40 { #expect(try await client.response().body == "\(number)") }
        }
    }

    // Promise: http.pipelining_depth
    @Test func `thousands of requests in one piece do no harm`() async throws {
        try await withGateway(web()) { gateway in
            let client = try await gateway.open()
            client.sendRaw(String(repeating: "GET /none HTTP/1.1\r\nHost: h\r\n\r\n", count: 3000))
            for _ in 0..<3000 { #expect(try await client.response().status == 404) }
        }
    }

    // Promise: http.version_1_0
    @Test(arguments: [("", "close"), ("Connection: keep-alive\r\n", "keep-alive")])
    func `a request of HTTP 1 dot 0 says whether another one comes`(row: (line: String, connection: String)) async throws {
        try await withGateway(web()) { gateway in
            let client = try await gateway.open()
            client.sendRaw("GET /hello HTTP/1.0\r\n\(row.line)\r\n")
            #expect(try await client.response()["connection"] == row.connection)
        }
    }

    // Promise: http.chunked
    @Test func `a body in chunks is put together, and what stands behind it is the next request`() async throws {
        try await withGateway(web()) { gateway in
            let client = try await gateway.open()
            client.sendRaw(
                "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + "3;note=x\r\n[1,\r\n02\r\n2]\r\n0\r\nX-Trailer: y\r\n\r\nGET /hello HTTP/1.1\r\nHost: h\r\n\r\n")
            #expect(try await client.response().body == "[1,2]")
            #expect(try await client.response().body == "hello")
        }
    }

    // Promise: http.slices
    @Test func `bytes may come one by one`() async throws {
        try await withGateway(web()) { gateway in
            let client = try await gateway.open()
            let request =
                "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n[]\r\n0\r\n\r\n"
            for byte in request.utf8 { try await client.deliverRaw([byte]) }
            #expect(try await client.response().body == "[]")
        }
    }

    // Promise: http.expect
    @Test func `who waits with the body is told to go on, or that it is of no use`() async throws {
        try await withGateway(web()) { gateway in
            let client = try await gateway.open()
            let head = "Host: h\r\nContent-Type: application/json\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n"
            client.sendRaw("POST /echo HTTP/1.1\r\n\(head)")
            #expect(try await client.response().status == 100)
            client.sendRaw("[]")
            #expect(try await client.response().body == "[]")
            client.sendRaw("POST /none HTTP/1.1\r\n\(head)")
            #expect(try await client.response().status == 404)
            try await client.expectEnd()
            let other = try await gateway.open().request("GET", "/hello", [("Expect", "miracles")])
            #expect(other.status == 417)
        }
    }

    // Promise: http.body_timeout
    @Test func `a body that does not come is a 408`() async throws {
        try await withGateway(web(), quiet) { gateway in
            let client = try await gateway.open()
            client.sendRaw("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nContent-Length: 20\r\n\r\n[")
            let response = try await gateway.advancing(by: .seconds(10)) { try await client.response() }
            #expect(response.status == 408)
            try await client.expectEnd()
        }
    }

    // Promise: http.keep_alive_end
    @Test func `a connection that sends no further request is closed without a word`() async throws {
        try await withGateway(web(), quiet, "http: {max_connections_per_ip: 1}") { gateway in
            let client = try await gateway.open()
            _ = try await client.request("GET", "/hello")
            let end = try await gateway.advancing(by: .seconds(20)) { try await client.next() }
            #expect(end == .end)
            // Its place is free again.
            #expect(try await gateway.open().request("GET", "/hello").status == 200)
        }
    }

    // Promise: http.small_chunks
    @Test func `a body in thousands of small chunks is a body like any`() async throws {
        try await withGateway(web()) { gateway in
            let client = try await gateway.open()
            client.sendRaw("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n")
            for _ in 0..<3000 { try await client.deliverRaw(Array("4\r\n1   \r\n".utf8)) }
            client.sendRaw("0\r\n\r\n")
            #expect(try await client.response().body.utf8.count == 12_000)
        }
    }

    // Promise: http.overloaded
    @Test func `where all unfinished messages are too much, the largest body goes, and no socket`() async throws {
        try await withGateway(web(), quiet, "limits: {max_total_inbound: 1MiB}") { gateway in
            let socket = try await gateway.client()
            let http = try await gateway.open()
            http.sendRaw("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\n\r\n")
            http.sendRaw(String(repeating: "1", count: 900_000))
            socket.send(frame: TestFrame(opcode: 1, payload: Array(repeating: 0x20, count: 300_000), isFinal: false))
            let response = try await http.response()
            #expect(response.status == 503)
            #expect(response.json["error"]?["details"]?["reason"] == "overloaded")
            socket.send(frame: TestFrame(opcode: 0, payload: Array(#"{"type":"ping"}"#.utf8)))
            _ = try await socket.expect("pong")
        }
    }

    // Promise: http.slow_second_head
    @Test func `a further head that has begun has to be complete in time`() async throws {
        try await withGateway(web(), quiet) { gateway in
            let client = try await gateway.open()
            _ = try await client.request("GET", "/hello")
            client.sendRaw("GET /hel")
            let response = try await gateway.advancing(by: .seconds(3)) { try await client.response() }
            #expect(response.status == 408)
        }
    }

    // Promise: http.answer_timeout
    @Test func `a route that does not answer is a 503`() async throws {
        try await withGateway(web(gate: "http.never"), quiet) { gateway in
            let client = try await gateway.open()
            client.sendRaw("GET /wait HTTP/1.1\r\nHost: h\r\n\r\n")
            let response = try await gateway.advancing(by: .seconds(10)) { try await client.response() }
            #expect(response.status == 503)
            Gate.named("http.never").open()
        }
    }

    // Promise: http.per_ip
    @Test func `plain connections of one address have a limit of their own`() async throws {
        try await withGateway(web(), "http: {max_connections_per_ip: 2}") { gateway in
            let clients = [try await gateway.open(), try await gateway.open()]
            for client in clients { #expect(try await client.request("GET", "/hello").status == 200) }
            let third = try await gateway.open()
            let response = try await third.request("GET", "/hello")
            #expect(response.status == 429)
            #expect(response["retry-after"] != nil)
            try await third.expectEnd()
            await clients[0].drop()
            try await eventually("a place is free") { try await gateway.open().request("GET", "/hello").status == 200 }
        }
    }

    // Promise: http.over_the_cap
    @Test func `an address over its cap of sockets is served all the same, and takes no place there`() async throws {
        try await withGateway(web(), "modules: {ip_cap: {max_connections: 1}}") { gateway in
            let plain = try await gateway.open()
            #expect(try await plain.request("GET", "/hello").status == 200)
            let socket = try await gateway.connect()
            #expect(try await gateway.open().request("GET", "/hello").status == 200)
            #expect(try await gateway.upgrade().status == 429)
            try await socket.close()
        }
    }

    // Promise: http.upgrade_later
    @Test(arguments: eventLoops) func `a connection that carried requests may become a WebSocket, and counts as one`(loops: Int)
        async throws
    {
        try await withGateway(web(), "modules: {ip_cap: {max_connections: 1}}", loops: loops) { gateway in
            let client = try await gateway.open()
            _ = try await client.request("GET", "/hello")
            client.requestUpgrade()
            #expect(try await client.response().status == 101)
            #expect(gateway.connectionCount == 1)
            #expect(try await gateway.upgrade().status == 429)
            try await client.authenticate(try await gateway.token())
            try await client.close()
            try await eventually("the place is free") { try await gateway.upgrade().status == 101 }
        }
    }

    // Promise: http.forwarded
    @Test func `behind a proxy each request has its client's address`() async throws {
        try await withGateway(web(), "server: {trusted_proxies: [127.0.0.1]}") { gateway in
            let proxy = try await gateway.open()
            #expect(try await proxy.request("GET", "/address", [("X-Forwarded-For", "203.0.113.7")]).body == "203.0.113.7")
            #expect(try await proxy.request("GET", "/address", [("X-Forwarded-For", "203.0.113.8")]).body == "203.0.113.8")
            #expect(try await proxy.request("GET", "/address").body == "127.0.0.1")
        }
    }

    // Promise: http.drain
    @Test(arguments: eventLoops) func `at the end a request under way is answered, and connections that wait are closed`(loops: Int)
        async throws
    {
        try await withGateway(web(gate: "http.drain\(loops)"), loops: loops) { gateway in
            let idle = try await gateway.open()
            _ = try await idle.request("GET", "/hello")
            let busy = try await gateway.open()
            busy.sendRaw("GET /wait HTTP/1.1\r\nHost: h\r\n\r\n")
            try await eventually("the route waits") { Gate.named("http.drain\(loops)").arrived == 1 }
            async let drained: Void = gateway.drain()
            try await idle.expectEnd()
            Gate.named("http.drain\(loops)").open()
            let response = try await busy.response()
            #expect(response.body == "waited")
            #expect(response["connection"] == "close")
            await gateway.stop()
            await drained
        }
    }

    // Promise: http.cors
    @Test func `pages of listed sites may read the answers, others not`() async throws {
        try await withGateway(web(), "http: {cors: {origins: [\"https://app.example\"]}}") { gateway in
            let client = try await gateway.open()
            let listed = try await client.request("GET", "/hello", [("Origin", "https://app.example")])
            #expect(listed["access-control-allow-origin"] == "https://app.example")
            let other = try await client.request("GET", "/hello", [("Origin", "https://evil.example")])
            #expect(other["access-control-allow-origin"] == nil)
            #expect(other["vary"] == "Origin")
            let asked = [("Origin", "https://app.example"), ("Access-Control-Request-Method", "POST")]
            let preflight = try await client.request("OPTIONS", "/hello", asked)
            #expect(preflight.status == 204)
            #expect(preflight["access-control-allow-methods"] == "GET, POST, HEAD, OPTIONS")
            #expect(preflight["access-control-allow-headers"]?.contains("Authorization") == true)
        }
    }
}
