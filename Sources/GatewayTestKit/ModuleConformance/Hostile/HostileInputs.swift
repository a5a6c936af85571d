import GatewayKit
import NIOCore

/// What no client should send: a fixed list of what has broken programs before, and seeded random, the same in every run.
///
/// The words of the module's settings are among it, so that rules and lists meet what they are about.
struct HostileInputs: Sendable {
    /// Stands in credentials; never in a message or in the log.
    static let secret = "conformance-secret-5e1f"
    /// Stands in payloads; never in a message.
    static let payload = "conformance-payload-5e1f"
    static let marks = [secret, payload]

    /// Words of the settings that are made for the check, at most 64.
    let words: [String]
    let token: String?

    init(settings node: ConfigurationNode?, token: String?) {
        words = Array(node.map(Self.words(in:))?.prefix(64) ?? [])
        self.token = token
    }

    private static func words(in node: ConfigurationNode) -> [String] {
        switch node.content {
        case .scalar(let text, _): [text]
        case .sequence(let nodes): nodes.flatMap(words(in:))
        case .mapping(let entries): entries.flatMap { [$0.key] + words(in: $0.value) }
        }
    }

    /// Texts for everything that holds text.
    static let texts: [String] =
        [
            "", " ", "\t", "null", "true", "0", "-1", "1e999", "NaN", "a", ".", "..", "../../etc/passwd", "/", "//", "\\", "'", "\"", "`",
            "%",
            "%00", "%s%n", "${HOME}", "{{x}}", "<script>", "*", "**", "$SYS", "<userId>", "a.b.c", ";--", "\u{0}", "a\u{0}b", "\r\nX: y",
            "\u{1B}[31m",
            "\u{7F}", "\u{85}", "\u{2028}", "\u{FEFF}", "\u{FFFF}", "\u{202E}txt.exe", "مرحبا", "ÅÅ", "İıſK", "ﬀ", "🙂", "👩‍👩‍👧‍👦",
            "e\u{301}\u{301}\u{301}",
            "\u{10FFFF}",
        ] + [String(repeating: "x", count: 8 << 10), String(repeating: "🙂", count: 2 << 10), String(repeating: "e\u{301}", count: 1000)]

    /// Every kind of JSON value, at its ends.
    static let values: [JSONValue] = [
        .null, .bool(true), .bool(false), .integer(0), .integer(.max), .integer(.min), .number(1e308), .number(-0.0),
        .number(.leastNonzeroMagnitude),
        .number(1.5), .string(""), .string("a.b"), .string("*"), .string("🙂\u{202E}\u{0}"), .string(String(repeating: "x", count: 1000)),
        .array([]), .array([.string("admin"), .null, .integer(1)]), .array(Array(repeating: .string("x"), count: 100)), .object([:]),
        .object(["": .null, "a": .array([.object([:])])]), nested(30),
    ]

    private static func nested(_ depth: Int) -> JSONValue { (0..<depth).reduce(.null) { value, _ in .array([value]) } }

    static let addresses: [ClientAddress] = [
        "192.0.2.1", "0.0.0.0", "255.255.255.255", "127.0.0.1", "10.0.0.1", "169.254.169.254", "::", "::1", "::ffff:192.0.2.1",
        "::ffff:127.0.0.1", "64:ff9b::1", "fe80::1", "2001:db8::1", "2001:db8:0:1::1", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
    ].compactMap { ClientAddress($0) }

    /// Nobody, somebody, and who nobody would want to be.
    var principals: [Principal?] {
        let names = ["sub", "role", "roles", "scope", "tenant", "email", "aud", "sid", ""] + words
        let byClaim = Self.values.enumerated().map { index, value in
            Principal(userID: "user\(index)", claims: Dictionary(names.map { ($0, value) }) { first, _ in first })
        }
        let byName = (Self.texts.filter { !$0.isEmpty } + words.prefix(16)).map { Principal(userID: $0, claims: ["sub": .string($0)]) }
        let byTime = [Int64.min, -1, 0, .max].map { number in
            let time = Timestamp(milliseconds: number)
            return Principal(userID: "timely", issuedAt: time, expiresAt: time, leeway: .seconds(300), tokenID: "")
        }
        return [nil, Principal(userID: "alice")] + byClaim + byName + byTime
    }

    /// Tokens of every kind but good ones.
    var credentials: [Credentials] {
        // The first is `{"alg":"none"}`, the second `{"alg":"HS256","kid":"../../dev/null"}`.
        let headers = ["eyJhbGciOiJub25lIn0", "eyJhbGciOiJIUzI1NiIsImtpZCI6Ii4uLy4uL2Rldi9udWxsIn0", "W10", "bnVsbA", "", "!", "e30"]
        let claims = ["e30", "eyJzdWIiOiJhbGljZSIsImV4cCI6OTk5OTk5OTk5OX0", "W1tbW1tbW1tbXV1dXV1dXV1d", "", "!"]
        let made = headers.flatMap { header in claims.map { "\(header).\($0).c2ln" } }
        let dots = (0...5).map { String(repeating: ".", count: $0) } + ["a.b", "a.b.c", "a.b.c.d", ".a.", "é.ü.ß", "a.b.\u{0}"]
        let marked = ["", ".", "x.y."].map { $0 + Self.secret } + [Self.secret + String(repeating: "y", count: 8169)]
        var random = SeededRandom(seed: 3)
        let noise = (0..<20).map { _ in Self.text(of: Array("ABCabc019-_.=+/ "), 1...200, &random) }
        return (Self.texts + made + dots + marked + noise + mutations + words).map { .token($0) }
    }

    /// The good token with a slip in it.
    private var mutations: [String] {
        guard let token, token.utf8.count > 3 else { return [] }
        let cut = [0, 1, token.count / 2, token.count - 1].map { String(token.prefix($0)) }
        let twisted = [0, token.count / 2, token.count - 1].map { index in
            String(token.enumerated().map { $0.offset == index ? ($0.element == "A" ? "B" : "A") : $0.element })
        }
        return cut + twisted + [token + " ", " " + token, token + ".", token + token, token.uppercased()]
    }

    static func text(of alphabet: [Character], _ length: ClosedRange<Int>, _ random: inout SeededRandom) -> String {
        String((0..<Int.random(in: length, using: &random)).compactMap { _ in alphabet.randomElement(using: &random) })
    }
}
