import GatewayTestKit
import Testing

/// Plain HTTP on the port of the WebSocket endpoint.
struct RequestsSpec {
    // Promise: http.routes
    @Test(arguments: eventLoops) func `a route answers its method and path`(loops: Int) async throws {
        try await withGateway(web(), loops: loops) { gateway in
            let response = try await gateway.open().request("GET", "/hello?x=1")
            #expect(response.status == 200)
            #expect(response.body == "hello")
            #expect(response["content-length"] == "5")
            #expect(response["connection"] == "keep-alive")
            #expect(response["date"] == "Thu, 01 Jan 2026 00:00:00 GMT")
        }
    }

    // Promise: http.not_found
    @Test(arguments: ["/nothing", "/hello/", "//hello", "/hello/../hello", "/items/", "/items/%zz", "*"])
    func `where nothing stands is a 404 in JSON`(path: String) async throws {
        try await withGateway(web()) { gateway in
            let response = try await gateway.open().request(path == "*" ? "OPTIONS" : "GET", path)
            #expect(response.status == 404)
            #expect(response.json["success"] == false)
            #expect(response.json["error"]?["details"]?["reason"] == "not_found")
        }
    }

    // Promise: http.parameters
    @Test func `a parameter stands for one segment, and a word wins over it`() async throws {
        try await withGateway(web()) { gateway in
            let client = try await gateway.open()
            #expect(try await client.request("GET", "/items/a%20b%2Fc").body == "a b/c")
            #expect(try await client.request("GET", "/items/first").body == "the first")
        }
    }

    // Promise: http.methods
    @Test func `another method is a 405 that says which there are`() async throws {
        try await withGateway(web()) { gateway in
            let client = try await gateway.open()
            let response = try await client.request("DELETE", "/hello")
            #expect(response.status == 405)
            #expect(response["allow"] == "GET, POST, HEAD, OPTIONS")
            #expect(try await client.request("OPTIONS", "/hello")["allow"] == "GET, POST, HEAD, OPTIONS")
        }
    }

    // Promise: http.head
    @Test func `HEAD has the head of GET and no body`() async throws {
        try await withGateway(web()) { gateway in
            let client = try await gateway.open()
            client.sendRaw("HEAD /hello HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
            let response = try await client.response()
            #expect(response.status == 200)
            #expect(response["content-length"] == "5")
            #expect(response.body == "")
        }
    }

    // Promise: http.body_too_big
    @Test(arguments: [
        "Content-Length: 2000\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\n7d0\r\n", "Content-Length: 2000\r\nExpect: 100-continue\r\n\r\n",
    ])
    func `a body over the limit is a 413 before it is read`(rest: String) async throws {
        try await withGateway(web(), "http: {max_body: 1KiB}") { gateway in
            let client = try await gateway.open()
            client.sendRaw("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n\(rest)")
            #expect(try await client.response().status == 413)
            try await client.expectEnd()
        }
    }

    // Promise: http.media_type
    @Test(arguments: [
        ("application/json", "", 200), ("Application/JSON; charset=utf-8", "", 200), ("text/plain", "", 415), ("", "", 415),
        ("application/json", "gzip", 415), ("application/json", "identity", 200),
    ])
    func `a body that is not plain JSON is a 415`(row: (type: String, encoding: String, status: Int)) async throws {
        try await withGateway(web()) { gateway in
            let lines =
                (row.type.isEmpty ? "" : "Content-Type: \(row.type)\r\n")
                + (row.encoding.isEmpty ? "" : "Content-Encoding: \(row.encoding)\r\n")
            let client = try await gateway.open()
            client.sendRaw("POST /echo HTTP/1.1\r\nHost: h\r\n\(lines)Content-Length: 2\r\n\r\n{}")
            #expect(try await client.response().status == row.status)
        }
    }

    // Promise: http.bearer
    @Test(arguments: eventLoops) func `a token says who asks`(loops: Int) async throws {
        try await withGateway(web(), loops: loops) { gateway in
            let client = try await gateway.open()
            let token = try await gateway.token("alice")
            #expect(try await client.request("GET", "/who", [("Authorization", "Bearer \(token)")]).body == "alice")
        }
    }

    // Promise: http.unauthorized
    @Test(arguments: [nil, "Basic YTpi", "Bearer", "Bearer x.y.z", "bearer  "])
    func `without a good token it is a 401 that says what is wanted`(header: String?) async throws {
        try await withGateway(web()) { gateway in
            let client = try await gateway.open()
            let response = try await client.request("GET", "/who", header.map { [("Authorization", $0)] } ?? [])
            #expect(response.status == 401)
            #expect(response["www-authenticate"]?.hasPrefix("Bearer") == true)
            #expect(response.json["error"]?["code"] == 401)
        }
    }

    // Promise: http.api_key
    @Test func `a key opens its route, and no other text does`() async throws {
        try await withGateway(web()) { gateway in
            let client = try await gateway.open()
            #expect(try await client.request("GET", "/keyed", [("X-API-Key", "a key of some length, for tests")]).body == "opened")
            #expect(try await client.request("GET", "/keyed", [("X-API-Key", "a key of some length, for tesT")]).status == 401)
            #expect(try await client.request("GET", "/keyed").status == 401)
        }
    }

    // Promise: http.fault
    @Test func `a route that throws is a 500 with an id that the log has too`() async throws {
        try await withGateway(web()) { gateway in
            let client = try await gateway.open()
            let response = try await client.request("GET", "/fault")
            #expect(response.status == 500)
            let id = try #require(response.json["error"]?["details"]?["errorId"]?.string)
            #expect(gateway.log.lines.contains { $0.fields["errorId"] == id })
            #expect(try await client.request("GET", "/hello").status == 200)
        }
    }

    // Promise: http.response_splitting
    @Test func `a line break in a header cannot make another header`() async throws {
        try await withGateway(web()) { gateway in
            let response = try await gateway.open().request("GET", "/injected")
            #expect(response["x-text"] == "aX-Other: b")
            #expect(response["x-other"] == nil)
        }
    }

    // Promise: http.disabled_endpoint
    @Test func `a gateway without its endpoint still answers HTTP`() async throws {
        try await withGateway(web(), environment: ["WEBSOCKET_ENABLED": "false"]) { gateway in
            let client = try await gateway.open()
            #expect(try await client.request("GET", "/hello").status == 200)
            #expect(try await gateway.upgrade().status == 404)
        }
    }

    // Promise: http.ingest
    @Test(arguments: eventLoops) func `an event from outside meets the rules for ingress`(loops: Int) async throws {
        let rules = """
            modules:
              authorization:
                rules:
                  - {allow: [subscribe], topics: ["**"]}
                  - {allow: [ingress], topics: ["news.**"]}
                  - {allow: [ingress], topics: [news], when: {roles: editor}}
            """
        try await withGateway(web(), rules, loops: loops) { gateway in
            let reader = try await gateway.client("reader")
            try await reader.subscribe("news.**")
            try await reader.subscribe("news")
            let http = try await gateway.open()
            let guest = try await gateway.token("guest")
            let editor = try await gateway.token("editor", ["roles": ["editor"]])
            let refused = try await http.request("POST", "/publish", [("Authorization", "Bearer \(guest)")], body: "1")
            #expect(refused.status == 403)
            #expect(refused.json["error"]?["details"]?["topic"] == "news")
            #expect(try await http.request("POST", "/publish", [("Authorization", "Bearer \(editor)")], body: "2").status == 202)
            // One topic was refused, so nothing of the first event went out: the second is the first to come.
            let frames = [try await reader.expect("message"), try await reader.expect("message")]
            #expect(frames.map { $0["data"] } == [2, 2])
            #expect(Set(frames.compactMap { $0["topic"]?.string }) == ["news", "news.today"])
            #expect(frames[0]["metadata"]?["senderConnectionId"] == .null)
        }
    }
}
