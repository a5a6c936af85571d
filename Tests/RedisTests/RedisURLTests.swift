import GatewayKit
import GatewayTestKit
import Testing

@testable import RedisModule

struct RedisURLTests {
    @Test func `a URL has a host alone, or all of its parts`() throws {
        let short = try RedisURL("redis://cache")
        #expect((short.host, short.port, short.database, short.isSecure) == ("cache", 6379, 0, false))
        #expect(short.user == nil && short.password == nil)
        let long = try RedisURL("rediss://app:p%40ss%2Fword@cache.example.com:7000/3")
        #expect((long.host, long.port, long.database, long.isSecure) == ("cache.example.com", 7000, 3, true))
        #expect(long.user == "app" && long.password == "p@ss/word")
    }

    @Test(arguments: [
        ("REDIS://cache", "redis://cache:6379"), ("redis://cache/", "redis://cache:6379"), ("redis://cache/0", "redis://cache:6379"),
        ("redis://cache:1/15", "redis://cache:1/15"), ("redis://cache:65535", "redis://cache:65535"),
        ("redis://127.0.0.1:6380", "redis://127.0.0.1:6380"), ("redis://[::1]", "redis://[::1]:6379"),
        ("rediss://[2001:db8::1]:7000/2", "rediss://[2001:db8::1]:7000/2"), ("redis://:secret@cache", "redis://:***@cache:6379"),
        ("redis://app:secret@[::1]:1", "redis://app:***@[::1]:1"), ("redis://@cache", "redis://cache:6379"),
    ])
    func `a good URL is shown with its port and without its password`(text: String, shown: String) throws {
        #expect(try RedisURL(text).settingText == shown)
    }

    @Test(arguments: [
        ("redis://:a%3Ab@h", "a:b"), ("redis://:a:b@h", "a:b"), ("redis://:a@b@h", "a@b"), ("redis://:%C3%BC@h", "ü"),
        ("redis://:ü@h", "ü"), ("redis://:%25@h", "%"), ("redis://:%2f%2F@h", "//"), ("redis://:@h", ""),
    ])
    func `the password is decoded`(text: String, password: String) throws {
        #expect(try RedisURL(text).password == password)
    }

    @Test(arguments: [
        ("", "has no scheme"), ("cache:6379", "has no scheme"), ("http://cache", "begins neither"), ("redis+tls://cache", "begins neither"),
        ("redis://", "names no host"), ("redis://:6379", "names no host"), ("redis://:secret@", "names no host"),
        ("redis://:secret@:6379", "names no host"), ("redis://::1", "names no host"), ("redis://[]", "names no host"),
        ("redis://a:1:2", "names no host"), ("redis://[::1", "has a [ without its ]"), ("redis://[::1]6379", "has no valid port"),
        ("redis://h:", "has no valid port"), ("redis://h:0", "has no valid port"), ("redis://h:65536", "has no valid port"),
        ("redis://h:-1", "has no valid port"), ("redis://h:+80", "has no valid port"), ("redis://h:x", "has no valid port"),
        ("redis://h/x", "no number of a database"), ("redis://h/-1", "no number of a database"),
        ("redis://h/1/2", "no number of a database"), ("redis://h/99999999999999999999", "no number of a database"),
        ("redis://:sec/ret@h", "no number of a database"), ("redis://h?db=1", "has a ?"), ("redis://h#1", "has a ?"),
        ("redis://:sec?ret@h", "has a ?"), ("redis://h /1", "has a ?"), ("redis://app@h", "has a user without a password"),
        ("redis://:secret%@h", "two hex digits"), ("redis://:secret%4@h", "two hex digits"), ("redis://:secret%4x@h", "two hex digits"),
        ("redis://:secret%+5@h", "two hex digits"), ("redis://:secret%-0@h", "two hex digits"), ("redis://:secret%FF@h", "no UTF-8"),
    ])
    func `a bad URL is refused, and why says nothing of the password`(text: String, words: String) {
        let fault = #expect(throws: RedisURL.Fault.self) { try RedisURL(text) }
        #expect(fault?.description.contains(words) == true, "\(fault?.description ?? "")")
        #expect(fault?.description.contains("sec") == false)
    }

    @Test func `nothing that prints it shows the password`() throws {
        let url = try RedisURL("rediss://app:s3cret@cache/1")
        var settings = RedisSettings()
        settings.url = url
        var dumped = ""
        dump(url, to: &dumped)
        dump(settings, to: &dumped)
        let mirrored = Mirror(reflecting: url).children.map { "\($0.value)" }.joined()
        for text in ["\(url)", String(reflecting: url), "\(settings)", String(reflecting: settings), dumped, mirrored, url.settingText] {
            #expect(!text.contains("s3cret"), "\(text)")
        }
    }

    @Test func `a setting that is no URL is told without the password`() {
        let (settings, findings) = SettingsTester.decode(RedisSettings.self, "{url: \"redis://:s3cret@h:x\"}")
        #expect(settings == nil)
        #expect(findings.map(\.message).joined().contains("the URL has no valid port"))
        #expect(!"\(findings)".contains("s3cret"))
    }

    @Test func `a password that stands in the file is warned of`() {
        #expect(
            SettingsTester.decode(RedisSettings.self, "{url: \"redis://:s3cret@h\"}").diagnostics.allSatisfy { $0.severity == .warning })
        #expect(SettingsTester.decode(RedisSettings.self, "{url: \"redis://h\"}").diagnostics.isEmpty)
    }
}
