import GatewayKit

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

    /// A line with a star for each character of a secret.
    func masked(_ line: [Unicode.Scalar], _ number: Int) -> [Unicode.Scalar] {
        zip(line, isHidden(line, number)).map { $1 ? "*" : $0 }
    }

    /// A part of a line for a message: `***` for a secret, however long it is.
    func shown(_ line: [Unicode.Scalar], _ number: Int, _ columns: Range<Int>) -> String {
        let isHidden = isHidden(line, number)
        let columns = columns.clamped(to: line.indices)
        var text = String.UnicodeScalarView()
        for index in columns {
            if !isHidden[index] {
                text.append(line[index])
            } else if index == columns.lowerBound || !isHidden[index - 1] {
                text.append(contentsOf: "***".unicodeScalars)
            }
        }
        return String(text)
    }

    /// For each character whether it is hidden; variables are not, but for what stands in where they are not set.
    private func isHidden(_ line: [Unicode.Scalar], _ number: Int) -> [Bool] {
        var isHidden = Array(repeating: false, count: line.count)
        for range in URLLogin.ranges(in: line) + ranges[number, default: []] {
            let range = range.clamped(to: line.indices)
            guard let first = line[range].firstIndex(where: { !Self.isBlank($0) }),
                let last = line[range].lastIndex(where: { !Self.isBlank($0) })
            else { continue }
            Self.hide(first...last, of: line, &isHidden)
        }
        return isHidden
    }

    private static func isBlank(_ scalar: Unicode.Scalar) -> Bool { scalar == " " || scalar == "\t" }

    private static func hide(_ range: ClosedRange<Int>, of line: [Unicode.Scalar], _ isHidden: inout [Bool]) {
        var visible: [Range<Int>] = []
        var index = range.lowerBound
        while index < range.upperBound {
            guard line[index] == "$", line[index + 1] == "{" else {
                index += 1
                continue
            }
            guard let close = line[index...range.upperBound].firstIndex(of: "}") else { break }
            visible += [Self.visible(line, index..<close), close..<close + 1]
            index = close + 1
        }
        if let end = visible.last?.upperBound {
            // The quotes around a variable hide nothing, nor do the brackets that end behind it.
            visible += [range.lowerBound, range.upperBound].filter { line[$0] == "\"" || line[$0] == "'" }.map { $0..<$0 + 1 }
            let rest = end..<range.upperBound + 1
            if line[rest].allSatisfy({ "]}, \t".unicodeScalars.contains($0) }) { visible.append(rest) }
        }
        for index in range { isHidden[index] = true }
        for index in visible.joined() { isHidden[index] = false }
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
