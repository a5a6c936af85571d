/// Finds what may be a secret in a text that libyaml cannot read: rather too much than too little.
struct SecretLines {
    /// How far a value goes on in the lines below its key.
    private enum Rest {
        case none
        /// It starts in the next line.
        case next(indent: Int)
        /// Every line that is indented more.
        case deeper(than: Int)
        /// Up to the line with this character.
        case until(Unicode.Scalar)
    }

    private let keys: SecretKeys
    private var rest = Rest.none

    /// By line from 1: columns from 0.
    static func ranges(in source: SourceText, through last: Int) -> [Int: [Range<Int>]] {
        var lines = SecretLines(keys: source.secretKeys)
        var ranges: [Int: [Range<Int>]] = [:]
        for number in 1...max(1, min(source.lineCount, last)) {
            let line = source.line(number)
            if let start = lines.start(line) { ranges[number] = [start..<line.count] }
        }
        return ranges
    }

    private init(keys: SecretKeys) { self.keys = keys }

    /// Where in the next line something secret may start; nil where nothing does.
    private mutating func start(_ line: [Unicode.Scalar]) -> Int? {
        guard let first = line.firstIndex(where: { $0 != " " && $0 != "\t" }) else { return nil }
        switch rest {
        case .none: break
        case .next(let indent):
            rest = .deeper(than: indent)
            return first
        case .deeper(let indent): if first > indent { return first }
        case .until(let end):
            if line.contains(end) { rest = .none }
            return first
        }
        rest = .none
        guard let word = word(line) else { return nil }
        var start = word.upperBound
        func skip(_ scalars: String) { while start < line.count, scalars.unicodeScalars.contains(line[start]) { start += 1 } }
        // The quote at the end of the key, then the colon.
        if word.lowerBound > 0, start < line.count, line[start] == line[word.lowerBound - 1] { skip("\"'") }
        skip(" \t")
        skip(":=")
        skip(" \t")
        if !isComment(line, word.lowerBound) { rest = rest(line, start, word.lowerBound, indent: first) }
        return start < line.count ? start : nil
    }

    /// The first word that is, or sounds like, a secret's key and is no variable.
    private func word(_ line: [Unicode.Scalar]) -> Range<Int>? {
        var index = 0
        while index < line.count {
            let end = line[index...].firstIndex { !Self.isPart($0) } ?? line.count
            guard end > index else {
                index += 1
                continue
            }
            let isVariable = index > 1 && line[index - 1] == "{" && line[index - 2] == "$"
            let text = String(String.UnicodeScalarView(line[index..<min(end, index + 65)]))
            if !isVariable, keys.contains(text) { return index..<end }
            index = end
        }
        return nil
    }

    private static func isPart(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "_" || scalar == "-" || ("0"..."9").contains(scalar) || scalar.properties.isAlphabetic
    }

    private func isComment(_ line: [Unicode.Scalar], _ end: Int) -> Bool {
        line[..<end].indices.contains { line[$0] == "#" && ($0 == 0 || line[$0 - 1] == " " || line[$0 - 1] == "\t") }
    }

    private func rest(_ line: [Unicode.Scalar], _ start: Int, _ key: Int, indent: Int) -> Rest {
        guard start < line.count, line[start] != "#" else { return .next(indent: indent) }
        if line[start] == "\"" || line[start] == "'", !line[(start + 1)...].contains(line[start]) { return .until(line[start]) }
        if line[..<key].contains("{"), !line[start...].contains("}") { return .until("}") }
        if line[..<key].contains("["), !line[start...].contains("]") { return .until("]") }
        return .deeper(than: indent)
    }
}
