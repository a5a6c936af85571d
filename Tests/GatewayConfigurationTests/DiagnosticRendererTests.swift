import Foundation
import GatewayConfiguration
import GatewayKit
import Testing

@Suite struct DiagnosticRendererTests {
    private func render(_ text: String, _ diagnostics: [Diagnostic], isColoured: Bool = false) -> String {
        let source = SourceText(bytes: Array(text.utf8), file: "g.yaml")
        return DiagnosticRenderer(source: source, file: "g.yaml", isColoured: isColoured).human(diagnostics)
    }

    private func finding(line: Int = 1, column: Int = 1, length: Int = 1, _ message: String = "wrong") -> Diagnostic {
        Diagnostic(.error, .invalidValue, message, at: SourcePlace(.file("g.yaml"), line: line, column: column, length: length))
    }

    @Test func `carets stand under the exact characters`() {
        #expect(render("ab: cd\n", [finding(column: 5, length: 2)]).contains("\n 1 | ab: cd\n   |     ^^\n"))
    }

    @Test func `tabs take their room in line and carets`() {
        #expect(render("a\tb: c\n", [finding(column: 6)]).contains("\n 1 | a   b: c\n   |        ^\n"))
    }

    @Test func `wide characters take two columns and accents none`() {
        #expect(render("大e\u{301}: x\n", [finding(column: 6)]).contains("\n   |      ^\n"))
    }

    @Test func `control characters are shown and not obeyed`() {
        let shown = render("a: \u{202E}b\n", [finding("\u{1B}[2Jgone\nerror[x]: y")])
        #expect(!shown.contains("\u{1B}") && !shown.contains("\u{202E}"))
        #expect(shown.contains("␛[2Jgone␊error[x]: y"))
    }

    @Test(arguments: [
        "  secret: hunter2hunter2", "  jwt: {secret: hunter2hunter2, x: 1}", "  \"api-key\": \"hunter2hunter2\" # no",
        "admin_token:hunter2hunter2",
        "  - {password: 'hunter2hunter2'}", "secret: \"hunter2hunter2",
    ])
    func `secrets in a shown line are stars`(_ line: String) {
        let shown = render(line, [finding()])
        #expect(!shown.contains("hunter2"))
        #expect(shown.contains("**************"))
    }

    @Test(
        arguments: [
            "secret : hunter2", "secret: a},hunter2", "secret: a, hunter2", "secret: 'it''s hunter2'", "secret: \"say \\\"hunter2\\\"\"",
            "secret: ${JWT_SECRET:-hunter2}", "\"secret\": \"${JWT_SECRET:-hunter2}\"", "secret: x${A}hunter2", "'secret' : hunter2",
            "{secret:hunter2}", "[secret:hunter2]", "secert: hunter2", "secrets: [hunter2, b]", "token: {hunter2: b}", "secret: &hunter2 b",
            "secret: !hunter2 b", "\"s\\x65cret\": hunter2", "{secret: ${X:-hunter2}, x: 1", "secret:hunter2\nx: 1",
            "? secret: hunter2\n: b",
            "secret: @hunter2", "secret: a: hunter2", "{x: [1, secret: \"hunter2", "# secret: hunter2\nx: [",
        ])
    func `a secret is stars however it is written`(_ text: String) {
        #expect(!render(text, [finding()]).contains("hunter2"))
    }

    @Test(
        arguments: [
            "secret:\n  hunter2", "secret: |\n  hunter2\nx: 1", "secret: 'a\n  hunter2'", "{secret: a\n  hunter2}",
            "secret: >-\n\n  hunter2",
            "? secret\n: hunter2", "secret:\n- hunter2", "secret:\n  hunter2\n[", "secret: |\n  hunter2\n: [", "secret: 'a\n hunter2",
            "{secret: a\nhunter2", "secret: a\n  hunter2: b: c", "? secret\n: hunter2\n[", "[secret,\nhunter2",
        ])
    func `a secret is stars in the lines below its key`(_ text: String) {
        for line in 1...4 { #expect(!render(text, [finding(line: line)]).contains("hunter2")) }
    }

    @Test func `the setting's type says what is a secret where its name does not`() {
        let text = "version: 1\nmodules:\n  vault: {pepper: hunter2, salt: 1}\n"
        let result = ConfigurationLoader.load(
            TestCore.self, ConfigurationRequest(file: "g.yaml", text: Array(text.utf8)), modules: FakeModules.all + [Vault.self])
        let shown = DiagnosticRenderer(result).human(result.diagnostics)
        #expect(shown.contains("salt: 1") && !shown.contains("hunter2"))
    }

    @Test func `a secret that stands in for a variable is warned of`() {
        let text = "modules: {jwt: {secret: \"${JWT_SECRET:-0123456789abcdef0123456789abcdef}\"}}\npipeline: {auth: [jwt]}"
        for environment in [[:], ["JWT_SECRET": String(repeating: "x", count: 32)]] {
            let request = ConfigurationRequest(file: "g.yaml", text: Array(text.utf8), environment: environment)
            let result = ConfigurationLoader.load(TestCore.self, request, modules: FakeModules.all)
            #expect(result.diagnostics.map(\.code).contains(.literalSecret))
            #expect(DiagnosticRenderer(result).human(result.diagnostics).contains("\"${JWT_SECRET:-********************************}\""))
        }
    }

    @Test(
        arguments: [
            "secret: ${JWT_SECRET}", "{secret: \"${JWT_SECRET}\"}", "secret_file: data/key", "secret: null", "token_ttl: 5m",
            "secret: ${file:/run/key}", "secret: ${KEY:?give it}", "x: 1 # secret", "secret: \"\"",
        ])
    func `what is no secret is shown`(_ line: String) {
        #expect(render(line, [finding()]).contains(" 1 | \(line)\n"))
    }

    @Test func `a long line is shown around the place`() {
        let line = String(repeating: "a", count: 500) + "X" + String(repeating: "b", count: 500)
        let shown = render(line, [finding(column: 501)]).split(separator: "\n")
        #expect(shown.allSatisfy { $0.count < 160 })
        let caret = shown[3].firstIndex(of: "^").map { shown[3].distance(from: shown[3].startIndex, to: $0) }
        let wrong = shown[2].firstIndex(of: "X").map { shown[2].distance(from: shown[2].startIndex, to: $0) }
        #expect(caret == wrong)
    }

    @Test func `a hundred findings are shown and the rest counted`() {
        let shown = render("a\n", (0..<103).map { finding("number \($0)") })
        #expect(shown.contains("number 99\n") && !shown.contains("number 100\n"))
        #expect(shown.hasSuffix("\nand 3 more\n\n103 errors in g.yaml\n"))
    }

    @Test func `colours come only when asked for`() {
        #expect(!render("a\n", [finding()]).contains("\u{1B}"))
        #expect(render("a\n", [finding()], isColoured: true).contains("\u{1B}[1;31merror[invalid-value]\u{1B}[0m"))
    }

    @Test func `JSON has every key of every finding`() {
        let diagnostics = [
            Diagnostic(.error, .wrongType, "say \"x\"", at: SourcePlace(.file("a/g.yaml"), line: 2, column: 3), help: "y"),
            Diagnostic(.warning, .environment, "z", at: SourcePlace(.environment("X"))),
        ]
        #expect(
            DiagnosticRenderer(source: nil, file: "g.yaml").json(diagnostics) == """
                {"diagnostics":[\
                {"code":"wrong-type","column":3,"file":"a/g.yaml","help":"y","line":2,"message":"say \\"x\\"","severity":"error"},\
                {"code":"environment","column":0,"file":"environment X","help":null,"line":0,"message":"z","severity":"warning"}]}
                """)
    }

    @Test func `without findings there is nothing but an empty list`() {
        #expect(render("a\n", []).isEmpty)
        #expect(DiagnosticRenderer(source: nil, file: "g.yaml").json([]) == "{\"diagnostics\":[]}")
    }
}
