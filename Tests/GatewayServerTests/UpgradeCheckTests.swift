import GatewayKit
import Testing

@testable import GatewayServer

@Suite struct UpgradeCheckTests {
    private static let valid = [
        ("Host", "a"), ("Upgrade", "websocket"), ("Connection", "Upgrade"), ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
        ("Sec-WebSocket-Version", "13"),
    ]

    /// Checks a valid handshake with one header replaced, removed (nil) or added.
    private func check(
        _ name: String = "X", _ values: [String] = [], method: String = "GET", version: String = "1.1"
    ) throws -> Result<(request: UpgradeRequest, accept: String), HTTPRefusal> {
        let headers = Self.valid.filter { $0.0 != name } + values.map { (name, $0) }
        let text = "\(method) /ws HTTP/\(version)\r\n" + headers.map { "\($0.0): \($0.1)\r\n" }.joined() + "\r\n"
        return UpgradeCheck.check(try #require(parse(text).head?.head))
    }

    private func status(of result: Result<(request: UpgradeRequest, accept: String), HTTPRefusal>) -> Int? {
        if case .failure(let refusal) = result { refusal.status } else { nil }
    }

    @Test func `the handshake of RFC 6455 section 1 dot 3 gets its accept value`() throws {
        let (request, accept) = try check().get()
        #expect(accept == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
        #expect(request.path == "/ws")
    }

    @Test(arguments: [
        ("Connection", ["keep-alive, Upgrade"]), ("Connection", ["keep-alive", "UPGRADE"]), ("Connection", ["a ,\tupgrade\t, b"]),
        ("Upgrade", ["WebSocket"]),
        ("Upgrade", ["h2c, websocket"]), ("Content-Length", ["0"]), ("Sec-WebSocket-Key", ["AAAAAAAAAAAAAAAAAAAAAA=="]),
        ("Origin", ["null"]),
    ])
    func `a handshake may be written in several ways`(name: String, values: [String]) throws {
        #expect(status(of: try check(name, values)) == nil)
    }

    @Test(arguments: [
        ("Upgrade", []), ("Upgrade", ["h2c"]), ("Upgrade", ["websockets"]), ("Upgrade", ["web socket"]), ("Connection", []),
        ("Connection", ["keep-alive"]),
        ("Sec-WebSocket-Version", []), ("Sec-WebSocket-Version", ["8"]), ("Sec-WebSocket-Version", ["13, 8"]),
        ("Sec-WebSocket-Version", ["13", "13"]),
        ("Sec-WebSocket-Version", ["013"]),
    ])
    func `what does not ask for version 13 of WebSocket is 426`(name: String, values: [String]) throws {
        #expect(status(of: try check(name, values)) == 426)
    }

    @Test(arguments: [
        ("Sec-WebSocket-Key", []), ("Sec-WebSocket-Key", [""]), ("Sec-WebSocket-Key", ["dGhlIHNhbXBsZSBub25jZQ"]),
        ("Sec-WebSocket-Key", ["dGhlIHNhbXBsZSBub25jZSE="]), ("Sec-WebSocket-Key", ["dGhlIHNhbXBs!SBub25jZQ=="]),
        ("Sec-WebSocket-Key", ["dGhlIHNhbXBsZSBub25jZ==="]),
        ("Sec-WebSocket-Key", ["dGhlIHNhbXBsZSBub25jZQ==", "dGhlIHNhbXBsZSBub25jZQ=="]), ("Content-Length", ["1"]),
        ("Transfer-Encoding", ["chunked"]),
    ])
    func `a bad key or a body is 400`(name: String, values: [String]) throws {
        #expect(status(of: try check(name, values)) == 400)
    }

    @Test(arguments: ["POST", "get", "OPTIONS"]) func `a method other than GET is 405 and says which is allowed`(method: String) throws {
        guard case .failure(let refusal) = try check(method: method) else {
            Issue.record("accepted")
            return
        }
        #expect(refusal.status == 405)
        #expect(refusal.headers.map { "\($0.name): \($0.value)" } == ["Allow: GET"])
    }

    @Test func `HTTP 1 dot 0 cannot upgrade and is told how`() throws {
        guard case .failure(let refusal) = try check(version: "1.0") else {
            Issue.record("accepted")
            return
        }
        #expect(
            refusal.headers.map { "\($0.name): \($0.value)" } == [
                "Upgrade: websocket", "Sec-WebSocket-Version: 13",
            ])
    }
}
