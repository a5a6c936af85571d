import GatewayKit
import Testing

@Suite struct URLLoginTests {
    @Test(
        arguments: [
            ("redis://u:p@h", "redis://***@h"), ("redis://u:a@b/c@h:1/2", "redis://***@h:1/2"), ("redis://@h", "redis://@h"),
            ("redis://h/2", "redis://h/2"), ("me@example.com", "me@example.com"), ("me@x http://h", "me@x http://h"), ("", ""),
        ])
    func `a value is shown up to its login and behind it`(_ value: String, _ shown: String) { #expect(URLLogin.hidden(value) == shown) }

    @Test(
        arguments: [
            #"url: redis://[u:p]@h"#, #"url: redis://[u:p,"w]@h, x: me@y"#, #"url: redis://[u:p w]@h"#, #"{url: redis://h, x: me@y}"#,
            #"["https://a/", "a", "http://[u:p]@x"]"#, #"["https://[a b,c]@d", x@y]"#, #"["https://[a\"b]@d", x@y]"#,
            #"[https://a,http://[u:p]@x]"#, #"[https://[u:p]@a,http://[v:q]@b]"#, #"url: redis://[u:x://y]@h"#, #"'redis://[u:''p]@h'"#,
            #"a: redis://h  # me@y"#, #"url:redis://[u:p]@h"#, "://[a]@", "://", "a://@",
        ])
    func `a line may have several URLs`(_ marked: String) {
        // What is marked by brackets is a login; the lists' own brackets stand beside none.
        let logins = marked.matches(of: /:\/\/\[([^\]]*)\]@/).map { String($0.1) }
        let line = marked.replacing(/:\/\/\[([^\]]*)\]@/) { "://\($0.1)@" }
        let scalars = Array(line.unicodeScalars)
        #expect(URLLogin.ranges(in: scalars).map { String(String.UnicodeScalarView(scalars[$0])) } == logins)
    }

    @Test func `a long line of URLs is read once`() {
        for part in ["xa://", "://,", "=:// ,", "\"a://"] {
            let line = Array((String(repeating: part, count: 100_000) + " @").unicodeScalars)
            #expect(URLLogin.ranges(in: line).count <= 1)
        }
    }
}
