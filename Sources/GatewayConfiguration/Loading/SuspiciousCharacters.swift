import GatewayKit

/// Characters that look like others and make a value or key something else.
enum SuspiciousCharacters {
    private static let names: [Unicode.Scalar: String] = [
        "\u{A0}": "a no-break space", "\u{2018}": "a curly quote", "\u{2019}": "a curly quote", "\u{201C}": "a curly quote",
        "\u{201D}": "a curly quote", "\u{200B}": "a space without width", "\u{3000}": "a wide space",
    ]

    /// The finding with a note where such a character stands at its place; for syntax anywhere in its line.
    static func noted(_ diagnostic: Diagnostic, _ lines: inout LineCache?) -> Diagnostic {
        guard diagnostic.severity == .error, case .file = diagnostic.place.origin, lines != nil else { return diagnostic }
        let place = diagnostic.place
        let note =
            if diagnostic.code == .syntax {
                // What made a line unreadable may stand in the one above.
                self.note(&lines, place.line, 0..<Int.max) ?? self.note(&lines, place.line - 1, 0..<Int.max)
            } else {
                self.note(&lines, place.line, max(0, place.column - 1)..<(place.column + place.length))
            }
        guard let note else { return diagnostic }
        return Diagnostic(
            diagnostic.severity, diagnostic.code, diagnostic.message, at: diagnostic.place, label: diagnostic.label,
            notes: diagnostic.notes + [note], help: diagnostic.help)
    }

    private static func note(_ lines: inout LineCache?, _ number: Int, _ columns: Range<Int>) -> Diagnostic.Note? {
        guard let line = lines?.line(number), let file = lines?.file else { return nil }
        guard let index = line[columns.clamped(to: line.indices)].firstIndex(where: { names[$0] != nil }), let name = names[line[index]]
        else {
            return nil
        }
        let code = String(line[index].value, radix: 16, uppercase: true)
        let padded = String(repeating: "0", count: max(0, 4 - code.count)) + code
        let place = SourcePlace(.file(file), line: number, column: index + 1)
        return Diagnostic.Note("\(name) (U+\(padded)), which is part of the word, stands", at: place)
    }
}
