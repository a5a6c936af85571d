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

    @Test(arguments: [("a/b.c", "a/b.c"), ("a b", "'a b'"), ("it's", "'it'\\''s'"), ("", "''"), ("$HOME", "'$HOME'"), ("*", "'*'")])
    func `a shell reads a quoted word as it was`(_ word: String, _ quoted: String) {
        #expect(ShellWord.quoted(word) == quoted)
    }
}
