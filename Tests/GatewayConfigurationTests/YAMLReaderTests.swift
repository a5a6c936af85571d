import GatewayConfiguration
import GatewayKit
import GatewayTestKit
import Testing

@Suite struct YAMLReaderTests {
    private func read(_ bytes: [UInt8]) -> (root: ConfigurationNode?, diagnostics: [Diagnostic]) {
        YAMLReader.read(bytes: bytes, file: "x.yaml")
    }

    private func first(_ bytes: [UInt8]) -> String? {
        read(bytes).diagnostics.first.map { "\($0.place): \($0.code.rawValue): \($0.message)" }
    }

    @Test func `values and keys know their places`() throws {
        let root = try #require(read(Array("a:\n  bc: [d, \"e\"]\n".utf8)).root)
        let list = try #require(root[path: ["a", "bc"]])
        guard case .sequence(let elements) = list.content, case .mapping(let top) = root.content else {
            Issue.record("not a mapping with a list")
            return
        }
        #expect(top[0].keyPlace == SourcePlace(.file("x.yaml"), line: 1, column: 1))
        #expect(list.place == SourcePlace(.file("x.yaml"), line: 2, column: 7, length: 8))
        #expect(elements.map(\.place.column) == [8, 11])
        #expect(elements.map(\.place.length) == [1, 3])
    }

    @Test func `a byte order mark of UTF-8 is not counted`() throws {
        let root = try #require(read([0xEF, 0xBB, 0xBF] + Array("a: b\n".utf8)).root)
        #expect(root["a"]?.place.column == 4)
    }

    @Test func `columns count Unicode scalars`() throws {
        let root = try #require(read(Array("{\"é😀\": b}\n".utf8)).root)
        #expect(root["é😀"]?.place.column == 8)
    }

    @Test func `line ends of Windows are one line end`() throws {
        let root = try #require(read(Array("a: 1\r\n\r\nb: 2\r\n".utf8)).root)
        #expect(root["b"]?.place == SourcePlace(.file("x.yaml"), line: 3, column: 4))
    }

    @Test(
        arguments: [
            [0xFF, 0xFE, 0x61, 0x00], [0xFE, 0xFF, 0x00, 0x61], [0x61, 0x00, 0x3A, 0x00], [0x00, 0x61, 0x00, 0x3A],
            [0xFF, 0xFE, 0, 0, 0x61, 0, 0, 0],
        ] as [[UInt8]])
    func `another encoding is refused`(_ bytes: [UInt8]) {
        #expect(first(bytes) == "x.yaml:1:1: encoding: the file is not UTF-8 but UTF-16 or UTF-32")
    }

    @Test(
        arguments: [
            ([0xFF], "0xFF"), ([0xC3, 0x28], "0xC3"), ([0xE2, 0x82], "0xE2"), ([0xED, 0xA0, 0x80], "0xED"), ([0xC0, 0xAF], "0xC0"),
            ([0xF4, 0x90, 0x80, 0x80], "0xF4"), ([0x80], "0x80"), ([0xF0, 0x80, 0x80, 0x80], "0xF0"),
        ] as [([UInt8], String)])
    func `bytes that are no UTF-8 are found at their place`(_ bytes: [UInt8], _ name: String) {
        #expect(first(Array("a: é\nb: ".utf8) + bytes) == "x.yaml:2:4: encoding: the byte \(name) is not UTF-8")
    }

    @Test(arguments: ["\u{0}", "\u{7}", "\u{1B}", "\u{7F}", "\u{9F}", "\u{FEFF}", "\u{FFFE}"])
    func `control characters are found at their place`(_ character: String) {
        #expect(first(Array("a: 1\nbc: \(character)\n".utf8))?.hasPrefix("x.yaml:2:5: syntax: the character U+") == true)
    }

    @Test func `a file over a mebibyte is not parsed`() {
        #expect(first([UInt8](repeating: 0x61, count: (1 << 20) + 1)) == "x.yaml:1:1: too-long: the file is larger than 1MiB")
    }

    @Test func `a file of a mebibyte is`() {
        let text = "a: 1\n" + String(repeating: "#", count: (1 << 20) - 6) + "\n"
        #expect(read(Array(text.utf8)).root != nil)
    }

    @Test func `64 levels are read and 65 are not`() {
        func nested(_ levels: Int) -> [UInt8] {
            Array(("a: " + String(repeating: "[", count: levels - 1) + String(repeating: "]", count: levels - 1)).utf8)
        }
        #expect(read(nested(64)).diagnostics.isEmpty)
        #expect(first(nested(65)) == "x.yaml:1:67: too-deep: more than 64 levels inside each other")
    }

    @Test(arguments: ["[", "{a: ", "- ", "? ", "[{", "\"", "&a ", "a:\n "]) func `a file of nothing but openings is answered`(
        _ opening: String
    ) {
        let bytes = Array(String(repeating: opening, count: 200_000 / opening.utf8.count).utf8)
        #expect(read(bytes).diagnostics.contains { $0.severity == .error })
    }

    @Test func `a file of very many values is answered`() {
        let bytes = Array(("a: [" + String(repeating: "b,", count: 500_000) + "]").utf8)
        #expect(first(bytes)?.hasSuffix("too-long: the file has more than 100000 values") == true)
    }

    @Test func `a file of one line with very many findings is answered`() {
        let anchors = Array(("a: [" + String(repeating: "&b c, ", count: 20_000) + "]").utf8)
        #expect(read(anchors).diagnostics.count == 1002)
        #expect(read(anchors).diagnostics.last?.message == "more than 1000 findings: the rest is not read")
        let numbers = Array(("server: {trusted_proxies: [" + String(repeating: "x,", count: 30_000) + "]}").utf8)
        let result = ConfigurationLoader.load(TestCore.self, ConfigurationRequest(file: "x.yaml", text: numbers), modules: FakeModules.all)
        #expect((1000..<1010).contains(result.diagnostics.count))
        #expect(result.diagnostics.last?.message == "more than 1000 findings: the rest is not told")
        #expect(DiagnosticRenderer(result).human(result.diagnostics).hasSuffix("in x.yaml\n"))
    }

    @Test func `a mapping of very many keys is read`() throws {
        let text = (0..<45_000).map { "key_\($0): 1\n" }.joined()
        #expect(read(Array(text.utf8)).root?["key_44999"]?.place.line == 45_000)
    }

    @Test func `a key of more than 1024 characters is answered`() {
        #expect(read(Array((String(repeating: "k", count: 2000) + ": 1\n").utf8)).diagnostics.count == 1)
    }

    @Test func `random bytes never crash and always have a place`() {
        var random = SeededRandom(seed: 7)
        for length in [0, 1, 2, 3, 10, 100, 1000, 1 << 20] {
            for _ in 0..<(length > 10_000 ? 1 : 50) {
                let bytes = (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) }
                let (root, diagnostics) = read(bytes)
                #expect(root != nil || diagnostics.contains { $0.severity == .error && $0.place.line > 0 && $0.place.column > 0 })
            }
        }
    }

    @Test func `random YAML never crashes and every finding is inside the file`() {
        var random = SeededRandom(seed: 11)
        let pieces = [
            "a", ": ", ":", "- ", "[", "]", "{", "}", "\n", "  ", "\"", "'", "#", "*x", "&x ", "!t ", "|", ">", "? ", "<<", "---\n",
            "...\n", "%", "@", "${X}", "é", "\t", ",", "\u{A0}", "\u{201C}", "0", "\r\n", "\u{2028}",
        ]
        for _ in 0..<4000 {
            let text = (0..<Int.random(in: 1...30, using: &random)).map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
            let source = SourceText(bytes: Array(text.utf8), file: "x.yaml")
            let (root, diagnostics) = read(Array(text.utf8))
            #expect(root != nil || !diagnostics.isEmpty, "\(text.debugDescription)")
            for diagnostic in diagnostics {
                #expect(
                    (1...source.lineCount).contains(diagnostic.place.line) && diagnostic.place.column > 0,
                    "\(diagnostic) \(text.debugDescription)")
            }
            #expect(DiagnosticRenderer(source: source, file: "x.yaml").human(diagnostics).isEmpty == diagnostics.isEmpty)
        }
    }

    @Test func `lines of the text are those of libyaml`() {
        let source = SourceText(bytes: Array("a\r\nb\rc\nd\u{85}e\u{2028}f\u{2029}g\n".utf8), file: "x.yaml")
        #expect(
            (1...source.lineCount).map { String(String.UnicodeScalarView(source.line($0))) } == ["a", "b", "c", "d", "e", "f", "g", ""])
    }

    @Test(arguments: [0...0xFF, 0x2020...0x2030, 0xFEF0...0xFFFF, 0x1F600...0x1F600] as [ClosedRange<UInt32>])
    func `any text is read as settings write it`(_ values: ClosedRange<UInt32>) {
        for value in values {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let text = "a\(scalar)b"
            let node = read(Array("key: \(text.settingText)\n".utf8)).root?["key"]
            guard case .scalar(let found, _)? = node?.content, found.utf8.elementsEqual(text.utf8) else {
                Issue.record("U+\(String(value, radix: 16)), written as \(text.settingText), is another text")
                continue
            }
        }
    }
}
