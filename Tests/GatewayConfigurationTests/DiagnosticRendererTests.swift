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

    @Test(arguments: ["secret: ${JWT_SECRET}", "{secret: \"${JWT_SECRET}\"}", "secret_file: data/key", "secret: null", "token_ttl: 5m"])
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
