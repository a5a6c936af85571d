import Foundation
import GatewayTestKit
import Testing

/// What the pages show is code that is compiled: a block of Swift that stands in no file is an error.
struct ShownCodeTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// Every page but the one that scripts/docs writes of the templates of `plugin new`: Tests/Scaffold/run compiles those.
    private static let pages = texts(in: ["", "docs", "Tests/OutOfTree"], "md").filter { $0.key != "docs/plugin-examples.md" }
    private static let blocks = pages.sorted { $0.key < $1.key }.flatMap { SwiftBlock.blocks(of: $0.key, $0.value) }
    /// Modules, tests, and the package that depends on this one, its Package.swift too.
    private static let files = texts(in: ["Plugins", "Tests"], "swift")
        .mapValues { $0.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) }

    @Test(arguments: blocks) func `what a page shows is compiled`(_ block: SwiftBlock) {
        #expect(block.defect(Self.files) == nil, "show what Tests/GuideTests or another test has, and change it there first")
    }

    @Test func `the pages about modules are among them`() {
        #expect(Set(Self.blocks.map { $0.place.prefix { $0 != ":" } }).isSuperset(of: ["README.md", "docs/plugins.md"]))
    }

    @Test func `the guide shows the whole of Throttle`() throws {
        let file = try #require(Self.files["Tests/GuideTests/Throttle.swift"])
        #expect(Self.blocks.contains { $0.place.hasPrefix("docs/plugins.md:") && $0.lines + [""] == file })
    }

    private let file = ["struct A {", "    func f() {", "        g()", "", "        h()", "    }", "}"]

    @Test(
        arguments: [
            ("func f() {\n    g()\n\n    h()\n}", nil), ("struct A {", nil), ("}", nil),
            ("func f() {\n    h()", "A.swift has it up to the line:     h()"),
            ("func f() {\n  g()", "A.swift has it up to the line:   g()"),
            ("        g()\n        h()", "A.swift has it up to the line:         h()"),
            ("unc f() {", "no compiled file has its first line: unc f() {"),
            ("}\n}\n}", "A.swift has it up to the line: }"),
        ])
    func `lines count where they follow each other with the same indentation`(_ text: String, _ defect: String?) {
        let page = "Words.\n```yaml\na: 1\n```\n```swift\n\(text)\n```\nMore words.\n"
        let blocks = SwiftBlock.blocks(of: "page.md", page)
        let found = blocks.map { $0.defect(["A.swift": file, "B.swift": []]) }
        #expect(blocks.map(\.place) == ["page.md:6"])
        #expect(defect == nil ? found == [nil] : found.first??.hasSuffix(defect ?? "") == true, "\(found)")
    }

    /// The texts of the files below some folders, by their paths; of "" those of the folder itself.
    private static func texts(in folders: [String], _ suffix: String) -> [String: String] {
        var texts: [String: String] = [:]
        for folder in folders {
            let options: FileManager.DirectoryEnumerationOptions =
                folder.isEmpty ? [.skipsHiddenFiles, .skipsSubdirectoryDescendants] : .skipsHiddenFiles
            let found = FileManager.default.enumerator(
                at: root.appending(path: folder), includingPropertiesForKeys: nil, options: options)
            for case let url as URL in found ?? .init() where url.pathExtension == suffix {
                texts[String(url.standardized.path.dropFirst(root.path.count + 1))] = try? String(contentsOf: url, encoding: .utf8)
            }
        }
        return texts
    }
}
