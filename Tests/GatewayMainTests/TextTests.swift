import Testing

@testable import GatewayMain

/// Text from outside, and text for a shell.
@Suite struct TextTests {
    @Test(
        arguments: [
            ("plain", "plain"), ("grüße 👋", "grüße 👋"), ("a\nb", "a\\nb"), ("\u{1B}[2J", "\\u{1b}[2J"), ("a\u{202E}b", "a\\u{202e}b"),
            ("\u{7F}", "\\u{7f}"), ("\u{85}", "\\u{85}"), ("\u{2028}", "\\u{2028}"), ("\0", "\\u{0}"), ("\r\n", "\\r\\n"),
        ])
    func `nothing from outside controls a terminal`(_ text: String, _ shown: String) {
        #expect(TerminalText.escaped(text) == shown)
    }

    @Test(arguments: [
        "1", "null", " -1 ", #""a""#, "[1,2]", #"{"a":[]}"#, String(repeating: "[", count: 31) + String(repeating: "]", count: 31),
    ])
    func `a JSON value may be published`(_ text: String) {
        #expect(JSONText.isValidMember(text))
    }

    @Test(
        arguments: [
            "", " ", "[1,]", #"{"a":1,}"#, "1,2", "1],[2", "Hello", "NaN", "'a'", "01", #""\ud800""#, #"{"a":1,"a":2}"#,
            String(repeating: "[", count: 32) + String(repeating: "]", count: 32),
        ])
    func `what the gateway would refuse to read is never sent`(_ text: String) {
        #expect(!JSONText.isValidMember(text))
    }

    @Test(arguments: [("a/b.c", "a/b.c"), ("a b", "'a b'"), ("it's", "'it'\\''s'"), ("", "''"), ("$HOME", "'$HOME'"), ("*", "'*'")])
    func `a shell reads a quoted word as it was`(_ word: String, _ quoted: String) {
        #expect(ShellWord.quoted(word) == quoted)
    }
}
