import Fuzzing
import GatewayKit

@testable import GatewayConfiguration

/// Configuration files: whatever the bytes are, there is an answer; every finding lies in the text, and no tree is deeper than the limit.
@main enum YAMLReaderTarget {
    static func main() {
        runFuzzer { data, size in
            let bytes = input(data, size)
            YAMLReaderTarget.check(bytes)
            LoadingCheck.run(bytes)
            return 0
        }
    }

    static func check(_ bytes: [UInt8]) {
        let (node, diagnostics) = YAMLReader.read(bytes: bytes, file: "fuzz.yaml")
        // At the most: YAML also breaks lines at U+0085, U+2028 and U+2029, which end in these bytes.
        let lines = 2 + bytes.count { [0x0A, 0x0D, 0x85, 0xA8, 0xA9].contains($0) }
        require(node != nil || !diagnostics.isEmpty, "nothing was read and nothing said")
        for diagnostic in diagnostics {
            require(!diagnostic.message.isEmpty, "a finding without a word")
            require(
                0...lines ~= diagnostic.place.line && diagnostic.place.column >= 0, "a finding at \(diagnostic.place) of \(lines) lines")
        }
        if let node { require(depth(node) <= YAMLReader.maxDepth + 1, "deeper than the limit") }
        _ = DiagnosticRenderer(source: SourceText(bytes: bytes, file: "fuzz.yaml"), file: "fuzz.yaml").human(diagnostics)
    }

    private static func depth(_ node: ConfigurationNode) -> Int {
        switch node.content {
        case .scalar: 1
        case .sequence(let items): 1 + (items.map(depth).max() ?? 0)
        case .mapping(let entries): 1 + (entries.map { depth($0.value) }.max() ?? 0)
        }
    }
}
