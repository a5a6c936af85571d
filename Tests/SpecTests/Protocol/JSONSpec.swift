import GatewayTestKit
import Testing

/// JSON as the gateway reads it and passes it on.
struct JSONSpec {
    // Promise: json.refused
    @Test(
        arguments: [
            "", " ", "{", "}", "{]", #"{"type":"ping""#, #"{"type":"ping"}}"#, #"{"type":"ping",}"#, #"{type:"ping"}"#, #"{'type':'ping'}"#,
            #"{"type":"ping","x":01}"#, #"{"type":"ping","x":1.}"#, #"{"type":"ping","x":.5}"#, #"{"type":"ping","x":+1}"#,
            #"{"type":"ping","x":1e}"#, #"{"type":"ping","x":NaN}"#, #"{"type":"ping","x":tru}"#, #"{"type":"ping","x":"\x"}"#,
            #"{"type":"ping","x":"\u12"}"#, #"{"type":"ping" "x":1}"#, #"{"type":"ping","x":"a"# + "\u{1}" + #""}"#,
            #"{"type":"ping"} // comment"#, "\u{FEFF}" + #"{"type":"ping"}"#, #"{"type":"ping","x":"open"#, #"{"type" "ping"}"#,
        ])
    func `what is no JSON is a 400`(text: String) async throws {
        try await withGateway { gateway in
            let client = try await gateway.client()
            client.send(text)
            try await client.expectError(400, "invalid_json")
        }
    }

    // Promise: json.surrogates
    @Test(arguments: [#"\ud800"#, #"\udc00"#, #"\ud800\ud800"#, #"\ud800x"#, #"\uD834\u0041"#]) func `a lone surrogate is a 400`(
        escape: String
    ) async throws {
        try await withGateway { gateway in
            let client = try await gateway.client()
            client.send(#"{"type":"message","topic":"a","data":"\#(escape)"}"#)
            try await client.expectError(400, "invalid_json")
        }
    }

    // Promise: json.object
    @Test(arguments: ["null", "true", "7", #""ping""#]) func `what is no object is a 400`(text: String) async throws {
        try await withGateway { gateway in
            let client = try await gateway.client()
            client.send(text)
            try await client.expectError(400, "invalid_frame")
        }
    }

    // Promise: json.depth
    @Test(arguments: [(31, true), (32, false), (5_000, false)]) func `brackets go thirty-two deep in all`(row: (inside: Int, passes: Bool))
        async throws
    {
        try await withGateway { gateway in
            let client = try await gateway.client()
            try await client.subscribe("a")
            let data = String(repeating: "[", count: row.inside) + String(repeating: "]", count: row.inside)
            client.send(#"{"type":"message","topic":"a","data":\#(data)}"#)
            if row.passes { try await client.expectMessage("a") } else { try await client.expectError(400, "too_deep") }
        }
    }

    // Promise: json.exact
    @Test(
        arguments: eventLoops,
        [
            "1.0", "1e5", "-0", "100000000000000000000000.000000000000000000000001", #"{"b":1,"a":2,"b":3}"#, #""\u0041\/\ud83d\ude00 😀""#,
            "[ 1 ,\t2\n]", "null", "false", #""""#, "{}", #"{"":"","\u0000":"\u0000"}"#, #""\u2028 "# + "\u{2028}\u{7F}é" + #"e\u0301""#,
        ])
    func `data arrives as the bytes that were sent`(loops: Int, data: String) async throws {
        try await withGateway(loops: loops) { gateway in
            let (alice, bob) = (try await gateway.client("alice"), try await gateway.client("bob"))
            try await alice.subscribe("a")
            bob.send(#"{"type":"message","topic":"a","data":\#(data),"metadata":{"x" : \#(data)}}"#)
            let bytes = Array(try await alice.text().utf8)
            #expect(bytes.firstRange(of: Array(#""data":\#(data),"metadata":{"#.utf8)) != nil)
            #expect(bytes.firstRange(of: Array(#""x" : \#(data)"#.utf8)) != nil)
        }
    }

    // Promise: json.duplicate_keys
    @Test(
        arguments: [
            #"{"type":"ping","type":"ping"}"#, #"{"type":"ping","\u0074ype":"ping"}"#, #"{"type":"ping","x":1,"x":2}"#,
            #"{"type":"ping","x":1,"y":2,"\u0078":3}"#,
        ])
    func `a key that stands twice at the top is a 400, however it is written`(text: String) async throws {
        try await withGateway { gateway in
            let client = try await gateway.client()
            client.send(text)
            try await client.expectError(400, "duplicate_key")
        }
    }

    // Promise: json.escaped_keys
    @Test func `keys and values count as what they say, not as they are written`() async throws {
        try await withGateway { gateway in
            let client = try await gateway.client()
            client.send(#"{"\u0074\u0079pe":"subs\u0063ribe","t\u006fpic":"a\u002eb"}"#)
            #expect(try await client.expect("subscribed")["topic"] == "a.b")
        }
    }

    // Promise: json.content
    @Test func `content is nothing to the gateway`() async throws {
        try await withGateway { gateway in
            let client = try await gateway.client()
            try await client.subscribe("a")
            client.send(#"{"type":"message","topic":"a","data":{"type":"auth","html":"</script><script>","sql":"'; DROP TABLE"}}"#)
            try await client.expectMessage("a", ["type": "auth", "html": "</script><script>", "sql": "'; DROP TABLE"])
        }
    }
}
