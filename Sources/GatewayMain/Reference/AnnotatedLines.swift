import GatewayConfiguration
import GatewayKit

/// Lines with a remark each, the remarks in one column.
struct AnnotatedLines {
    /// A line that is longer takes its remark where it ends.
    private static let maxColumn = 64

    /// Whether to use the terminal's colours.
    let isColoured: Bool
    private var lines: [(text: String, remark: String?)] = []

    init(isColoured: Bool) { self.isColoured = isColoured }

    /// Adds a line.
    mutating func add(_ text: String, _ remark: String? = nil, indent: Int = 0) {
        lines.append((String(repeating: " ", count: 2 * indent) + TerminalText.escaped(text), remark.map(TerminalText.escaped)))
    }

    /// Adds keys with their values, as YAML.
    mutating func add(_ values: [ExplainedValue], indent: Int = 0) {
        for value in values {
            let key = value.key.settingText
            switch value.content {
            case .value(let text): add("\(key): \(text)", value.origin, indent: indent)
            case .mapping(let values) where values.isEmpty: add("\(key): {}", value.origin, indent: indent)
            case .mapping(let values):
                add("\(key):", value.origin, indent: indent)
                add(values, indent: indent + 1)
            case .list(let elements):
                add("\(key):", value.origin, indent: indent)
                for element in elements { add("- \(element.text)", element.origin, indent: indent + 1) }
            }
        }
    }

    /// All lines; remarks as YAML's comments.
    var text: String {
        let width = lines.filter { $0.remark != nil }.map(\.text.count).filter { $0 <= Self.maxColumn }.max() ?? 0
        return lines.map { line in
            guard let remark = line.remark else { return line.text }
            let gap = String(repeating: " ", count: max(0, width - line.text.count) + 2)
            return line.text + gap + (isColoured ? "\u{1B}[2m# \(remark)\u{1B}[0m" : "# \(remark)")
        }.joined(separator: "\n")
    }
}
