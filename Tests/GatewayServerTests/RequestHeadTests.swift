import GatewayKit
import NIOCore
import Testing

@testable import GatewayServer

@Suite struct RequestHeadTests {
    static let upgrade = """
        GET /ws?x=1 HTTP/1.1\r\nHost: server.example.com\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nOrigin:http://example.com\t\r\nSec-WebSocket-Version: 13\r\n\r\n
        """

    @Test func `a request is taken apart`() throws {
        let (head, byteCount) = try #require(parse(Self.upgrade + "rest").head)
        #expect(head.method == "GET")
        #expect(head.path == "/ws")
        #expect(head.query == "x=1")
        #expect(head.headers.map(\.name) == ["host", "upgrade", "connection", "sec-websocket-key", "origin", "sec-websocket-version"])
        #expect(head.first("origin") == "http://example.com")
        #expect(byteCount == Self.upgrade.utf8.count)
    }

    @Test func `bytes may come one by one`() {
        var searched = 0
        for count in 0..<Self.upgrade.utf8.count {
            #expect(RequestHeadParser.parse(ByteBuffer(bytes: Self.upgrade.utf8.prefix(count)), searched: &searched).isIncomplete)
            #expect(RequestHeadParser.parse(ByteBuffer(bytes: Self.upgrade.utf8.prefix(count))).isIncomplete)
        }
        #expect(RequestHeadParser.parse(ByteBuffer(string: Self.upgrade), searched: &searched).head != nil)
    }

    @Test func `a carriage return at the end of a read is judged by the byte that comes next`() {
        var searched = 0
        #expect(RequestHeadParser.parse(ByteBuffer(string: "GET / HTTP/1.1\r"), searched: &searched).isIncomplete)
        #expect(RequestHeadParser.parse(ByteBuffer(string: "GET / HTTP/1.1\rx"), searched: &searched).refusal?.status == 400)
    }

    @Test(arguments: [
        "/": ("/", ""), "/a/b?": ("/a/b", ""), "/?a=b?c": ("/", "a=b?c"), "http://host/x?y": ("/x", "y"), "HTTP://host": ("/", ""),
        "https://host:8080?q": ("/", "q"), "ws://[::1]:3000/ws": ("/ws", ""), "/%2e/|^": ("/%2e/|^", ""),
    ])
    func `a target is split into path and query`(target: String, parts: (String, String)) throws {
        let head = try #require(parse("GET \(target) HTTP/1.1\r\nHost: a\r\n\r\n").head?.head)
        #expect((head.path, head.query) == parts)
    }

    @Test(arguments: [
        "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", "GET / HTTP/1.1\nHost: a\n\n", "GET / HTTP/1.1\r\nHost: a\n\r\n",
        "GET / HTTP/1.1\rHost: a\r\n\r\n",
        "GET  / HTTP/1.1\r\nHost: a\r\n\r\n", "GET / HTTP/1.1 \r\nHost: a\r\n\r\n", " GET / HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.2\r\nHost: a\r\n\r\n", "GET / HTTP/2.0\r\nHost: a\r\n\r\n", "GET / http/1.1\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.10\r\nHost: a\r\n\r\n",
        "G(T / HTTP/1.1\r\nHost: a\r\n\r\n", "GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n", "/ HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET a HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET * HTTP/1.1\r\nHost: a\r\n\r\n", "GET /#f HTTP/1.1\r\nHost: a\r\n\r\n", "GET /ü HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET http:/// HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET http://u@h/ HTTP/1.1\r\nHost: a\r\n\r\n", "GET ftp://h/ HTTP/1.1\r\nHost: a\r\n\r\n",
        "CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost : a\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\n b\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\n\tb\r\n\r\n",
        "GET / HTTP/1.1\r\n Host: a\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nb\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nb c: d\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nX: a\u{0}b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX: a\u{1B}b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX: a\u{7F}b\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nX: a\rb\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nÜ: b\r\n\r\n",
        "GET / HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", "GET / HTTP/1.1\r\nHost: a b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a, b\r\n\r\n", "GET / HTTP/1.1\r\nHost: u@a\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +1\r\n\r\n", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1, 1\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length:\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: identity\r\n\r\n", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n", "\u{16}\u{3}\u{1}\u{0}",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ])
    func `what could be read in two ways, or in none, is 400`(text: String) {
        #expect(parse(text).refusal?.status == 400)
        var searched = 0
        var last = HeadResult.incomplete
        for count in 1...text.utf8.count where last.isIncomplete {
            last = RequestHeadParser.parse(ByteBuffer(bytes: text.utf8.prefix(count)), searched: &searched)
        }
        #expect(last.refusal?.status == 400)
    }

    @Test func `a head of 16 KiB passes and one byte more does not`() {
        func head(_ size: Int) -> String {
            let frame = "GET / HTTP/1.1\r\nHost: a\r\nX: \r\n\r\n"
            return "GET / HTTP/1.1\r\nHost: a\r\nX: " + String(repeating: "x", count: size - frame.utf8.count) + "\r\n\r\n"
        }
        #expect(parse(head(16_384)).head?.byteCount == 16_384)
        #expect(parse(head(16_385)).refusal?.status == 431)
        #expect(parse(String(head(20_000).utf8.prefix(16_383)) ?? "").isIncomplete)
        #expect(parse(String(head(20_000).utf8.prefix(16_384)) ?? "").refusal?.status == 431)
    }

    @Test func `a head has at most a hundred headers`() {
        func head(_ count: Int) -> String { "GET / HTTP/1.1\r\nHost: a\r\n" + String(repeating: "X: y\r\n", count: count - 1) + "\r\n" }
        #expect(parse(head(100)).head != nil)
        #expect(parse(head(101)).refusal?.status == 431)
    }

    @Test func `the body is told by one header`() {
        #expect(parse("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 12\r\n\r\n").head?.head.body == .length(12))
        #expect(parse("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n").head?.head.body == .chunked)
        #expect(parse("GET / HTTP/1.1\r\nHost: a\r\n\r\n").head?.head.body == RequestHead.Body.none)
    }

    @Test(arguments: [
        ("1.1", "", true), ("1.1", "Connection: close\r\n", false), ("1.1", "Connection: a\r\nConnection: b , CLOSE\r\n", false),
        ("1.0", "", false), ("1.0", "Connection: Keep-Alive\r\n", true),
    ])
    func `a connection lives on as its version and headers say`(version: String, headers: String, lives: Bool) {
        #expect(parse("GET / HTTP/\(version)\r\nHost: a\r\n\(headers)\r\n").head?.head.keepsAlive == lives)
    }
}

func parse(_ text: String) -> HeadResult { RequestHeadParser.parse(ByteBuffer(string: text)) }

extension HeadResult {
    var head: (head: RequestHead, byteCount: Int)? { if case .head(let head, let byteCount) = self { (head, byteCount) } else { nil } }
    var refusal: HTTPRefusal? { if case .refused(let refusal) = self { refusal } else { nil } }
    var isIncomplete: Bool { if case .incomplete = self { true } else { false } }
}
