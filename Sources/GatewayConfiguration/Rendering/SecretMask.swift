/// Where secrets stand in a file: whatever shows a part of it shows stars there.
struct SecretMask {
    /// By line from 1: columns from 0, in order.
    private let ranges: [Int: [Range<Int>]]

    /// The places by what libyaml reads; by looking at the lines, up to the last that matters, where it cannot read the file.
    init(_ source: SourceText, through last: Int = .max) {
        if let values = SecretValues(source) { ranges = values.ranges } else { self = .rough(source, through: last) }
    }

    private init(ranges: [Int: [Range<Int>]]) { self.ranges = ranges }

    /// The places by looking at the lines alone, of which there may be too many.
    static func rough(_ source: SourceText, through last: Int = .max) -> SecretMask {
        SecretMask(ranges: SecretLines.ranges(in: source, through: last))
    }

    /// Whether any of the characters, in a line counted from 1 and columns counted from 0, may belong to a secret.
    func hides(_ number: Int, _ columns: Range<Int>) -> Bool { ranges[number, default: []].contains { $0.overlaps(columns) } }

    /// A line with stars in place of secrets; variables stay, but for what stands in where they are not set.
    func masked(_ line: [Unicode.Scalar], _ number: Int) -> [Unicode.Scalar] {
        var line = line
        if let login = Self.login(line) { Self.star(&line, login) }
        for range in ranges[number, default: []] {
            let range = range.clamped(to: line.indices)
            guard let first = line[range].firstIndex(where: { !Self.isBlank($0) }),
                let last = line[range].lastIndex(where: { !Self.isBlank($0) })
            else { continue }
            Self.star(&line, first...last)
        }
        return line
    }

    /// User and password of a URL, whatever it is the value of: what stands between its `://` and the last `@` of the word, or of the line
    /// where the word has none.
    private static func login(_ line: [Unicode.Scalar]) -> ClosedRange<Int>? {
        guard let scheme = line.firstRange(of: Array("://".unicodeScalars)) else { return nil }
        let rest = line[scheme.upperBound...]
        let word = rest.prefix { !isBlank($0) }
        guard let at = word.lastIndex(of: "@") ?? rest.lastIndex(of: "@"), at > rest.startIndex else { return nil }
        return rest.startIndex...(at - 1)
    }

    private static func isBlank(_ scalar: Unicode.Scalar) -> Bool { scalar == " " || scalar == "\t" }

    private static func star(_ line: inout [Unicode.Scalar], _ range: ClosedRange<Int>) {
        var kept: Set<Int> = []
        var index = range.lowerBound
        while index < range.upperBound {
            guard line[index] == "$", line[index + 1] == "{", let close = line[index...range.upperBound].firstIndex(of: "}") else {
                index += 1
                continue
            }
            kept.formUnion(visible(line, index..<close))
            kept.insert(close)
            index = close + 1
        }
        // The quotes around a variable hide nothing.
        if !kept.isEmpty { kept.formUnion([range.lowerBound, range.upperBound].filter { line[$0] == "\"" || line[$0] == "'" }) }
        for index in range where !kept.contains(index) { line[index] = "*" }
    }

    /// What may be seen of a variable without its closing brace: all but a text that stands in for it.
    private static func visible(_ line: [Unicode.Scalar], _ variable: Range<Int>) -> Range<Int> {
        let name = line[variable].dropFirst(2).prefix {
            $0.isASCII && ($0.properties.isAlphabetic || ("0"..."9").contains($0) || $0 == "_")
        }
        let rest = line[name.endIndex..<variable.upperBound]
        if rest.isEmpty || rest.starts(with: ":?".unicodeScalars) { return variable }
        if name.elementsEqual("file".unicodeScalars), rest.first == ":" { return variable }
        return variable.lowerBound..<(rest.starts(with: ":-".unicodeScalars) ? name.endIndex + 2 : name.endIndex)
    }
}
