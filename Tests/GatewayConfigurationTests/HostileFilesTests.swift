import GatewayKit
import GatewayTestKit
import Testing

@testable import GatewayConfiguration

/// Files that would cost much time or memory if they were read to their end.
@Suite struct HostileFilesTests {
    private static let bomb = "bcdefghi".reduce("a: &a [\(Array(repeating: "lol", count: 9).joined(separator: ","))]\n") { text, letter in
        let below = Character(UnicodeScalar((letter.asciiValue ?? 98) - 1))
        return text + "\(letter): &\(letter) [\(Array(repeating: "*\(below)", count: 9).joined(separator: ","))]\n"
    }

    private static let random: [UInt8] = {
        var random = SeededRandom(seed: 31)
        return (0..<1 << 20).map { _ in UInt8.random(in: 0...255, using: &random) }
    }()

    private static let files: [(name: String, bytes: [UInt8])] = [
        ("200 KB of brackets", Array(String(repeating: "[", count: 200 << 10).utf8)),
        ("200 KB of braces", Array(String(repeating: "{a: ", count: 50 << 10).utf8)), ("an alias bomb", Array(bomb.utf8)),
        ("a mebibyte of random bytes", random),
        ("90,000 aliases", Array(("a: [" + Array(repeating: "*a", count: 90_000).joined(separator: ",") + "]").utf8)),
        (
            "40,000 modules in a stage",
            Array(("pipeline: {route: [" + (0..<40_000).map { "rate_limit/a\($0)" }.joined(separator: ",") + "]}").utf8)
        ),
        (
            "40,000 unknown modules in a stage",
            Array(("pipeline: {route: [" + (0..<40_000).map { "rate_limt/a\($0)" }.joined(separator: ",") + "]}").utf8)
        ),
        ("a loop of 8,000 profiles", profiles(8000) { ($0 + 1) % 8000 }), ("a chain of 16,000 profiles", profiles(16_000) { $0 + 1 }),
    ]

    private static func profiles(_ count: Int, parent: (Int) -> Int) -> [UInt8] {
        Array(("profiles:\n" + (0..<count).map { "  p\($0): {extends: p\(parent($0))}\n" }.joined()).utf8)
    }

    @Test(arguments: files) func `a hostile file has a few findings, which are told briefly`(_ name: String, _ bytes: [UInt8]) {
        let result = ConfigurationLoader.load(
            TestCore.self, ConfigurationRequest(file: "gateway.yaml", text: bytes), modules: FakeModules.all)
        #expect(!result.isValid)
        #expect((1...(YAMLReader.maxErrors + 10)).contains(result.diagnostics.count), "\(result.diagnostics.count)")
        #expect(DiagnosticRenderer(result).human(result.diagnostics).utf8.count < 64 << 10)
    }

    @Test func `the search for secrets goes no deeper than the reader`() {
        func text(_ levels: Int) -> SourceText {
            SourceText(
                bytes: Array((String(repeating: "[", count: levels) + String(repeating: "]", count: levels)).utf8), file: "gateway.yaml")
        }
        #expect(SecretValues(text(YAMLReader.maxDepth)) != nil)
        #expect(SecretValues(text(YAMLReader.maxDepth + 1)) == nil)
    }

    @Test func `what is too deep hides its secrets all the same`() {
        let text = "secret: hunter2\nb: " + String(repeating: "[", count: 70)
        let finding = Diagnostic(.error, .invalidValue, "x", at: SourcePlace(.file("gateway.yaml"), line: 1, column: 1))
        let source = SourceText(bytes: Array(text.utf8), file: "gateway.yaml")
        #expect(!DiagnosticRenderer(source: source, file: "gateway.yaml").human([finding]).contains("hunter2"))
    }
}
