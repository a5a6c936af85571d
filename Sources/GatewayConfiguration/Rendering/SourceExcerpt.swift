import GatewayKit

/// A line of the file as it is shown, with carets under the characters at fault.
struct SourceExcerpt {
    /// The line's number with spaces around it.
    let number: String
    /// As wide as the number.
    let margin: String
    /// The line: tabs as spaces, secrets as stars, shortened where it is long.
    let line: String
    /// Spaces and carets.
    let carets: String

    private static let maxWidth = 140
    private static let before = 60

    init(_ lines: inout LineCache, _ place: SourcePlace) {
        let digits = String(place.line)
        number = String(repeating: " ", count: max(0, 2 - digits.count)) + digits + " "
        margin = String(repeating: " ", count: number.count)
        var scalars = lines.line(place.line)
        var start = min(place.column - 1, scalars.count)
        var end = start + place.length
        for reason in Self.reasons(scalars).reversed() {
            scalars.replaceSubrange(reason, with: ["…"])
            if start >= reason.upperBound { start -= reason.count - 1 }
            if end >= reason.upperBound { end -= reason.count - 1 }
        }
        let first = scalars.count > Self.maxWidth ? max(0, start - Self.before) : 0
        let last = min(scalars.count, first + Self.maxWidth)
        var shown = first > 0 ? "…" : ""
        var pad = first > 0 ? 1 : 0
        var width = 0
        for index in first..<last {
            let cells = Self.cells(scalars[index], at: pad + width)
            shown += cells.text
            if index < start { pad += cells.width } else if index < end { width += cells.width } else { continue }
        }
        line = shown + (last < scalars.count ? "…" : "")
        carets = String(repeating: " ", count: pad) + String(repeating: "^", count: max(1, width))
    }

    /// Where the long texts of `${NAME:?text}` stand: whoever lacks the variable reads them as help, and nobody twice.
    private static func reasons(_ line: [Unicode.Scalar]) -> [Range<Int>] {
        let text = String(String.UnicodeScalarView(line))
        let scalars = text.unicodeScalars
        return text.matches(of: /\$\{\w+:\?([^}]{25,})\}/).map { match in
            let start = scalars.distance(from: scalars.startIndex, to: match.1.startIndex)
            return start..<start + match.1.unicodeScalars.count
        }
    }

    private static func cells(_ scalar: Unicode.Scalar, at column: Int) -> (text: String, width: Int) {
        if scalar == "\t" {
            let width = 4 - column % 4
            return (String(repeating: " ", count: width), width)
        }
        let shown = Printable.scalar(scalar)
        return (String(shown), Printable.width(shown))
    }
}
