/// Finds user and password of URLs, which nothing shows.
///
/// A password may have an `@` or a slash that nobody escaped: a login ends at the last `@`.
package enum URLLogin {
    /// A value with `***` in place of the login in it.
    package static func hidden(_ value: String) -> String {
        guard let scheme = value.firstRange(of: "://"), let at = value.lastIndex(of: "@"), at > scheme.upperBound else { return value }
        return "\(value[..<scheme.upperBound])***\(value[at...])"
    }

    /// Where logins stand in a line of a file, which may have several URLs: each ends with its quote, or where the next value starts.
    package static func ranges(in line: [Unicode.Scalar]) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        var index = 0
        while let start = line[index...].indices.first(where: { isURL(line, $0) }).map({ $0 + 3 }) {
            let quote = schemeStart(line, start - 3).flatMap { $0 > 0 && isQuote(line[$0 - 1]) ? line[$0 - 1] : nil }
            let (at, end) = quote.map { quoted(line, start, $0) } ?? plain(line, start)
            if let at, at > start { ranges.append(start..<at) }
            index = end
        }
        return ranges
    }

    /// The last `@` up to a quote, and where that stands.
    private static func quoted(_ line: [Unicode.Scalar], _ start: Int, _ quote: Unicode.Scalar) -> (at: Int?, end: Int) {
        var at: Int?
        var index = start
        while index < line.count {
            let next = index + 1 < line.count ? line[index + 1] : nil
            let isEscape = quote == "'" ? line[index] == "'" && next == "'" : line[index] == "\\"
            if line[index] == quote, !isEscape { break }
            if line[index] == "@" { at = index }
            index += isEscape ? 2 : 1
        }
        return (at, min(index, line.count))
    }

    /// The last `@` of the word, which may have quotes and commas in it; where it has none, the last one up to a quote, comma or comment.
    private static func plain(_ line: [Unicode.Scalar], _ start: Int) -> (at: Int?, end: Int) {
        var at: Int?
        var isWord = true
        var index = start
        while index < line.count {
            if isBlank(line[index]) {
                let isEnd = index > start && (isQuote(line[index - 1]) || line[index - 1] == ",")
                if isWord, at != nil || isEnd { break }
                isWord = false
            } else if !isWord, isQuote(line[index]) || ",#".unicodeScalars.contains(line[index]) {
                break
            } else if isURL(line, index), schemeStart(line, index) != nil {
                break
            } else if line[index] == "@" {
                at = index
            }
            index += 1
        }
        return (at, index)
    }

    private static func isURL(_ line: [Unicode.Scalar], _ index: Int) -> Bool {
        line[index] == ":" && index + 2 < line.count && line[index + 1] == "/" && line[index + 2] == "/"
    }

    /// Where the scheme before a `://` starts; nil where it starts no value.
    private static func schemeStart(_ line: [Unicode.Scalar], _ colon: Int) -> Int? {
        let start = line[max(0, colon - 32)..<colon].lastIndex { !isScheme($0) }.map { $0 + 1 } ?? max(0, colon - 32)
        guard start > 0 else { return 0 }
        return isBlank(line[start - 1]) || isQuote(line[start - 1]) || ",[({".unicodeScalars.contains(line[start - 1]) ? start : nil
    }

    private static func isScheme(_ scalar: Unicode.Scalar) -> Bool {
        scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || "+-.".unicodeScalars.contains(scalar))
    }

    private static func isBlank(_ scalar: Unicode.Scalar) -> Bool { scalar == " " || scalar == "\t" }
    private static func isQuote(_ scalar: Unicode.Scalar) -> Bool { scalar == "\"" || scalar == "'" }
}
