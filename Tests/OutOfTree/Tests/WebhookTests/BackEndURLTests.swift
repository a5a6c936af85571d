import Foundation
import GatewayKit
import GatewayTestKit
import Testing

@testable import Webhook

/// What may stand in `url` and `events_url`: what can be asked, and nothing that never can.
@Suite struct BackEndURLTests {
    @Test(
        arguments: [
            "http://h", "https://h/", "HTTPS://h", "http://h:1", "http://h:65535/a/b?c=d&e=%2F", "http://h?a", "http://h:80?a:b@c",
            "http://a-b.example.com/~x/y;z", "http://a_b:80", "http://h.", "http://a.b.:80/", "http://1a.2b", "http://10.example",
            "http://127.0.0.1", "http://255.255.255.255:1", "http://xn--bcher-kva.example", "http://[::1]", "http://[::1]:80/x",
            "http://[2001:DB8::1]?a", "http://[::ffff:127.0.0.1]:1", "http://\(String(repeating: "x", count: 63)).y",
        ])
    func `these are URLs`(text: String) throws {
        #expect(try BackEndURL(text).text == text)
        #expect(Self.isUnderstood(text))
    }

    @Test(
        arguments: [
            ("", "begins neither"), ("h", "begins neither"), ("ftp://h", "begins neither"), ("http:/h", "begins neither"),
            ("http://", "names no host"), ("http:///x", "names no host"), ("http://:80", "names no host"), ("http://?a", "names no host"),
            ("http://::1", "without brackets"), ("http://u:p@h", "names a user"), ("http://h@[::1]", "names a user"),
            ("http://[::1", "has a [ without"), ("http://[", "has a [ without"), ("http://[]", "no IPv6 address"),
            ("http://[h]", "no IPv6 address"), ("http://[127.0.0.1]", "no IPv6 address"), ("http://[::1%25eth0]", "no IPv6 address"),
            ("http://[fe80::1%eth0]:80", "no IPv6 address"), ("http://[::g]", "no IPv6 address"), ("http://[:::]", "no IPv6 address"),
            ("http://[1:2:3:4:5:6:7:8:9]", "no IPv6 address"), ("http://[[::1]]", "no IPv6 address"), ("http://[v1.x]", "no IPv6 address"),
            ("http://[::1]80", "behind its ]"), ("http://[::1].x", "behind its ]"), ("http://[::1]]:80", "behind its ]"),
            ("http://[::1]:", "has no valid port"), ("http://[::1]:x", "has no valid port"), ("http://[::1]:80:80", "has no valid port"),
            ("http://h:", "has no valid port"), ("http://h:0", "has no valid port"), ("http://h:00000", "has no valid port"),
            ("http://h:65536", "has no valid port"), ("http://h:+1", "has no valid port"), ("http://h:-1", "has no valid port"),
            ("http://h:0x50", "has no valid port"), ("http://h:99999999999999999999", "has no valid port"),
            ("http://h:000080", "has no valid port"), ("http://h::1", "has no valid port"), ("http://h:80:80", "has no valid port"),
            ("http://2001:db8::1", "without brackets"), ("http://::ffff:1.2.3.4", "without brackets"),
            ("http://h:%38", "has no valid port"),
            ("http://!", "no host has"), ("http://a!b", "no host has"), ("http://a,b", "no host has"), ("http://*", "no host has"),
            ("http://a%41", "no host has"), ("http://~", "no host has"), ("http://a[b]", "no host has"), ("http://a]:80", "no host has"),
            ("http://(a)", "no host has"), ("http://$x", "no host has"), ("http://h=a", "no host has"),
            ("http://.", "has a host with a part"), ("http://..", "has a host with a part"), ("http://.a", "has a host with a part"),
            ("http://a..b", "has a host with a part"), ("http://a..", "has a host with a part"),
            ("http://\(String(repeating: "x", count: 64))", "has a host with a part"),
            ("http://\(Array(repeating: "abc", count: 64).joined(separator: "."))", "has a host with a part"),
            ("http://256.0.0.1", "no IPv4 address"), ("http://1.2.3", "no IPv4 address"), ("http://1.2.3.4.5", "no IPv4 address"),
            ("http://80", "no IPv4 address"), ("http://a.1", "no IPv4 address"), ("http://01.2.3.4", "no IPv4 address"),
            ("http://h/#x", "has a #"), ("http://h/a b", "has a character"), ("http://a b", "has a character"),
            ("http://h/\r\nX: y", "has a character"), ("http://h\u{0}", "has a character"), ("http://h:\u{663}", "has a character"),
            ("http://h/ü", "has a character"), ("http://h/{x}", "has a character"),
            ("http://h/[x]", "has a character"), ("http://h?a[b]=c", "has a character"), ("http://h/%", "has a %"),
            ("http://h/%g0", "has a %"),
            ("http://h/" + String(repeating: "x", count: 2048), "is longer"),
        ])
    func `these are none`(text: String, fault: String) {
        let error = #expect(throws: BackEndURL.Fault.self) { try BackEndURL(text) }
        #expect(error?.description.contains(fault) == true, "\(error?.description ?? "")")
    }

    @Test func `of whatever else is taken the HTTP client understands the same`() {
        var random = SeededRandom(seed: 6)
        let parts = [
            "[", "]", ":", "::", ":80", ".", "..", "/", "//", "?", "#", "@", "%", "%41", "a", "1", "255", "_", "-", "!", "\\", " ",
        ]
        var taken: Set<String> = []
        for _ in 0..<50_000 {
            let count = Int.random(in: 1...6, using: &random)
            let text = "http://" + (0..<count).compactMap { _ in parts.randomElement(using: &random) }.joined()
            if let url = try? BackEndURL(text) { taken.insert(url.text) }
        }
        #expect(taken.count > 500)
        #expect(taken.filter { !Self.isUnderstood($0) } == [])
    }

    /// Whether Foundation, with which the HTTP client reads URLs, finds the host and the port that stand there.
    private static func isUnderstood(_ text: String) -> Bool {
        let authority = String(text.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false)[2].prefix { !"/?".contains($0) })
        guard let url = URL(string: text), let host = url.host(), url.user() == nil, url.fragment() == nil else { return false }
        let name = host.contains(":") && !host.hasPrefix("[") ? "[\(host)]" : host
        return authority == name + (url.port.map { ":\($0)" } ?? "") && url.absoluteString == text
    }
}
