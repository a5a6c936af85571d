import GatewayKit

/// Finds `path:/ws`: a key and its value that YAML reads as one word.
enum MissingSpace {
    /// The first such word at the start of one of the lines, as a finding.
    static func find(in source: SourceText, lines: ClosedRange<Int>, hiding mask: SecretMask) -> Diagnostic? {
        for number in lines {
            let line = source.line(number)
            var start = line.firstIndex { $0 != " " && $0 != "-" } ?? line.count
            if start > 0, line[start - 1] == "-" { start = line.count }
            let word = line[start...].prefix { $0 != " " && $0 != "\t" }
            guard let colon = word.firstIndex(of: ":"), colon > start, colon + 1 < word.endIndex else { continue }
            let (key, value) = (word[..<colon], word[(colon + 1)...])
            let isKey = key.allSatisfy {
                $0.isASCII && ($0.properties.isAlphabetic || ("0"..."9").contains($0) || "_-/".unicodeScalars.contains($0))
            }
            guard isKey, value.first != "/" || value.dropFirst().first != "/" else { continue }
            let place = SourcePlace(.file(source.file), line: number, column: start + 1, length: word.count)
            let shown = mask.shown(line, number, value.startIndex..<value.endIndex).prefix(60)
            return Diagnostic(
                .error, .syntax, "'\(text(key.prefix(60))):\(shown)' is one word", at: place,
                help: "put a space after the colon: `\(text(key)): \(shown)`")
        }
        return nil
    }

    private static func text(_ scalars: ArraySlice<Unicode.Scalar>) -> String { String(String.UnicodeScalarView(scalars)) }
}
