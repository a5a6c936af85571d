import GatewayKit
import NIOCore

extension HostileInputs {
    /// Header lines of a good name with values that a request can have: no control characters.
    private func values(_ name: String) -> [(name: String, value: String)] {
        (Self.texts.map(Self.trimmed) + words.map(Self.trimmed)).map { (name, $0) }
    }

    /// What the core leaves of a value: no control characters, nothing at the ends.
    private static func trimmed(_ text: String) -> String {
        let bytes = text.utf8.filter { $0 >= 0x20 && $0 != 0x7F }
        return String(String(decoding: bytes, as: UTF8.self).drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }

    /// Upgrade requests with headers and queries of all kinds.
    var upgrades: [UpgradeRequest] {
        let names = ["origin", "host", "cookie", "user-agent", "authorization", "sec-websocket-protocol", "x-forwarded-for", "x-api-key"]
        let origins = [
            "null", "*", "http://", "://", "https://a@b", "https://[::1]:99999", "https://[::1", "https://a:b", "HTTPS://EXAMPLE.COM",
            "https://example.com.", "https://xn--", "https://example.com/../", "https://example.com:443", "file://", "https://a\u{301}.com",
        ]
        let protocols = ["a, b", ",,,", " ", "chat", "chat,chat", "\u{FF0C}", "gateway.v1, \(Self.secret)"]
        let bearers = ["Bearer", "Bearer ", "bearer \(Self.secret)", "Basic !!!", "Basic Og==", "Bearer a b", "Negotiate"]
        let single =
            names.flatMap { values($0) } + origins.map { ("origin", $0) } + protocols.map { ("sec-websocket-protocol", $0) }
            + bearers.map { ("authorization", $0) }
        let many: [[(name: String, value: String)]] = [
            [], [("", "")], [("origin", "https://a"), ("origin", "https://b")], names.flatMap { [($0, ""), ($0, "x")] },
            Array(repeating: ("cookie", "a=b"), count: 500), [("x-\(String(repeating: "n", count: 8000))", "v")],
        ]
        let requests =
            single.map { UpgradeRequest(path: "/ws", headers: [("host", "localhost"), $0]) }
            + many.map { UpgradeRequest(path: "/ws", headers: $0) }
        return requests + Self.queries.map { UpgradeRequest(path: "/ws", query: $0, headers: [("host", "localhost")]) }
            + ["", "/", "//", "/ws/", "/%2e%2e", "/" + String(repeating: "p", count: 8000)].map { UpgradeRequest(path: $0, headers: []) }
    }

    private static let queries = [
        "", "&", "=", "&&==&", "a", "a=", "=b", "a=b&a=c", "token=\(secret)", "a=%", "a=%0", "a=%00", "a=%zz", "a=%ff%fe", "a=%E2%80%AE",
        "a+b=c+d",
        "a[]=1&a[b]=2", "a=\(String(repeating: "q", count: 8000))", String(repeating: "a&", count: 1000),
    ]

    /// Requests to a route that pass what the core checks before: their bodies, parameters, headers and senders are anything.
    func requests(_ route: HTTPRoute) -> [HTTPRequest] {
        let bodies = route.operation.body.map { HostileBodies(schema: $0).all + [ByteBuffer()] } ?? [ByteBuffer()]
        let headers = [[]] + Self.lists(route.operation.headers + [.init("host", "")])
        let senders = requestSenders(route)
        let texts = Self.texts.filter { !$0.isEmpty } + words.filter { !$0.isEmpty }
        let names = route.path.segments.compactMap { if case .parameter(let name) = $0 { name } else { nil } }
        // Every body once, then every list of headers with the small bodies, of which some are right.
        let small = bodies.filter { $0.readableBytes <= 256 }
        let pairs = bodies.map { ($0, headers[0]) } + headers.enumerated().map { (small[$0.offset % small.count], $0.element) }
        return pairs.enumerated().map { index, pair in
            HTTPRequest(
                method: route.method == .get && index.isMultiple(of: 2) ? "HEAD" : route.method.rawValue, path: route.path.description,
                query: Self.queries[index % Self.queries.count], headers: pair.1, body: pair.0,
                parameters: Dictionary(names.map { ($0, texts[index % texts.count]) }) { first, _ in first },
                address: Self.addresses[index % Self.addresses.count], principal: senders[index % senders.count])
        }
    }

    private func requestSenders(_ route: HTTPRoute) -> [Principal?] {
        switch route.authentication {
        case .bearer: principals.compactMap { $0 }
        case .none, .apiKey: [nil]
        }
    }

    /// Each of the headers with each of the texts, and twice.
    private static func lists(_ headers: [HTTPOperation.Header]) -> [[(name: String, value: String)]] {
        headers.flatMap { header in
            let name = header.name.lowercased()
            return texts.map { [(name, trimmed($0))] } + [[(name, "a"), (name, "b")]]
        }
    }
}

/// Bodies for a schema: right ones with one thing wrong in each, and what is no JSON at all.
struct HostileBodies: Sendable {
    let schema: HTTPSchema

    /// The good body first.
    var all: [ByteBuffer] { ([good] + changed).map(Self.buffer) + Self.raw }

    private var good: JSONValue { Self.value(of: schema, "") }

    /// The good body without each of its members, and with each of them something else.
    private var changed: [JSONValue] {
        guard case .object(let properties, _) = schema, case .object(let members) = good else { return HostileInputs.values }
        return properties.flatMap { property -> [JSONValue] in
            var without = members
            without[property.name] = nil
            return [.object(without)]
                + HostileInputs.values.map { value in
                    var other = members
                    other[property.name] = value
                    return .object(other)
                }
        } + [.object(members.merging(["conformance": .null, "": .bool(true)]) { own, _ in own }), .object([:])]
    }

    private static let raw: [ByteBuffer] =
        [
            "", " ", "{", "}", "null", "0", "[]", "\"\"", "nonsense", #"{"a":1,"a":2}"#, "{} {}", "\u{FEFF}{}", #"{"a":"\ud800"}"#,
            "{\"a\":\"\u{1}\"}",
            #"{"a":01}"#, #"{a:1}"#, String(repeating: #"{"a":"#, count: 40) + "1" + String(repeating: "}", count: 40),
            String(repeating: "[", count: 10_000), "{\"a\":\"\(String(repeating: "x", count: 64 << 10))\"}",
        ].map { ByteBuffer(string: $0) }
        + [[0xFF, 0xFE], [0x7B, 0x22, 0xC0, 0x80, 0x22, 0x7D], [0]].map { ByteBuffer(bytes: $0 as [UInt8]) }

    private static func buffer(_ value: JSONValue) -> ByteBuffer {
        var bytes = ByteBuffer()
        bytes.writeJSON(value)
        return bytes
    }

    /// A value that is as the schema wants it; what sounds like a secret holds one.
    private static func value(of schema: HTTPSchema, _ name: String) -> JSONValue {
        switch schema {
        case .any, .integer: .integer(1)
        case .boolean: .bool(true)
        case .number: .number(1.5)
        case .string(let format, _, let maxLength, _):
            switch format {
            case "uuid": .string("6f1c2f0e-6f0b-4a3c-9d0e-0a1b2c3d4e5f")
            case "date-time": .string("2026-01-01T00:00:00.000Z")
            default: .string(String((SecretName.matches(name) ? HostileInputs.secret : "conformance").prefix(maxLength ?? 64)))
            }
        case .array(let element): .array([value(of: element, name)])
        case .object(let properties, _):
            .object(Dictionary(properties.map { ($0.name, value(of: $0.schema, $0.name)) }) { first, _ in first })
        case .nullable(let wrapped): value(of: wrapped, name)
        }
    }
}
