import GatewayKit

/// Characters that look like others and make a value or key something else.
enum SuspiciousCharacters {
    private static let quote = ("a curly quote", "write a straight quote, or none, in its place")
    private static let known: [Unicode.Scalar: (name: String, cure: String)] = [
        "\u{A0}": ("a no-break space", "write a space in its place"), "\u{2018}": quote, "\u{2019}": quote, "\u{201C}": quote,
        "\u{201D}": quote, "\u{200B}": ("a space without width", "delete it"), "\u{3000}": ("a wide space", "write a space in its place"),
    ]

    /// The finding with a note where such a character stands at its place; for syntax anywhere in its line.
    static func noted(_ diagnostic: Diagnostic, _ lines: inout LineCache?) -> Diagnostic {
        guard diagnostic.severity == .error, case .file(let file) = diagnostic.place.origin else { return diagnostic }
        let place = diagnostic.place
        let own = max(0, place.column - 1)..<(place.column - 1 + place.length)
        // What made a line unreadable may stand in the one above.
        let others = diagnostic.code == .syntax ? [(place.line, 0..<Int.max), (place.line - 1, 0..<Int.max)] : []
        for (number, columns) in [(place.line, own)] + others {
            guard let (index, scalar) = first(&lines, number, columns), let found = known[scalar] else { continue }
            let code = String(scalar.value, radix: 16, uppercase: true)
            let padded = String(repeating: "0", count: max(0, 4 - code.count)) + code
            let note = Diagnostic.Note(
                "\(found.name) (U+\(padded)), which is part of the word, stands",
                at: SourcePlace(.file(file), line: number, column: index + 1))
            let isOwn = number == place.line && own.contains(index)
            return Diagnostic(
                diagnostic.severity, diagnostic.code, diagnostic.message, at: place, label: diagnostic.label,
                notes: diagnostic.notes + [note], help: isOwn ? found.cure : diagnostic.help)
        }
        return diagnostic
    }

    private static func first(_ lines: inout LineCache?, _ number: Int, _ columns: Range<Int>) -> (Int, Unicode.Scalar)? {
        guard let line = lines?.line(number) else { return nil }
        return line[columns.clamped(to: line.indices)].firstIndex { known[$0] != nil }.map { ($0, line[$0]) }
    }
}
