/// A word or a punctuation mark of Swift source: as much of the language as it takes to find declarations.
struct SwiftToken: Equatable {
    let text: String
    /// The line, from 1.
    let line: Int

    /// Whether it is an identifier or a keyword.
    var isName: Bool { text.first.map { $0.isLetter || $0 == "_" } ?? false }

    /// The tokens of a text, without comments and literals.
    static func list(_ text: String) -> [SwiftToken] {
        var reader = SwiftReader(characters: Array(text))
        reader.readAll()
        return reader.tokens
    }
}

/// Cuts Swift source into tokens.
private struct SwiftReader {
    let characters: [Character]
    var tokens: [SwiftToken] = []
    private var position = 0
    private var line = 1

    init(characters: [Character]) { self.characters = characters }

    mutating func readAll() {
        while let character = peek() { read(character) }
    }

    private func peek(_ distance: Int = 0) -> Character? {
        let index = position + distance
        return index < characters.count ? characters[index] : nil
    }

    private mutating func advance(_ count: Int = 1) {
        for _ in 0..<count where position < characters.count {
            if characters[position].isNewline { line += 1 }
            position += 1
        }
    }

    private func starts(with text: String) -> Bool {
        text.enumerated().allSatisfy { peek($0.offset) == $0.element }
    }

    private mutating func read(_ character: Character) {
        if starts(with: "//") {
            while let next = peek(), !next.isNewline { advance() }
        } else if starts(with: "/*") {
            skipBlockComment()
        } else if character == "\"" {
            skipString(hashes: 0)
        } else if character == "#", let hashes = hashesOfRawString() {
            advance(hashes)
            skipString(hashes: hashes)
        } else if character.isLetter || character == "_" || character == "`" {
            readName()
        } else {
            if !character.isWhitespace { tokens.append(SwiftToken(text: String(character), line: line)) }
            advance()
        }
    }

    private mutating func readName() {
        let start = line
        var name = ""
        let isQuoted = peek() == "`"
        if isQuoted { advance() }
        while let next = peek(), isQuoted ? next != "`" : next.isLetter || next.isNumber || next == "_" {
            name.append(next)
            advance()
        }
        if isQuoted { advance() }
        tokens.append(SwiftToken(text: name, line: start))
    }

    private mutating func skipBlockComment() {
        var depth = 0
        repeat {
            if starts(with: "/*") {
                depth += 1
                advance(2)
            } else if starts(with: "*/") {
                depth -= 1
                advance(2)
            } else {
                advance()
            }
        } while depth > 0 && peek() != nil
    }

    /// How many `#` stand before the quote here; nil where it is no raw string.
    private func hashesOfRawString() -> Int? {
        var count = 0
        while peek(count) == "#" { count += 1 }
        return peek(count) == "\"" ? count : nil
    }

    private mutating func skipString(hashes: Int) {
        let quote = starts(with: "\"\"\"") ? "\"\"\"" : "\""
        let end = quote + String(repeating: "#", count: hashes)
        let escape = "\\" + String(repeating: "#", count: hashes)
        advance(quote.count)
        while let next = peek(), !starts(with: end) {
            if quote.count == 1, next.isNewline { return }
            if starts(with: escape + "(") {
                advance(escape.count)
                skipInterpolation()
            } else {
                advance(starts(with: escape) ? escape.count + 1 : 1)
            }
        }
        advance(end.count)
    }

    /// Skips `( … )`, which may hold strings of its own.
    private mutating func skipInterpolation() {
        var depth = 0
        let kept = tokens
        repeat {
            guard let next = peek() else { break }
            if next == "(" { depth += 1 }
            if next == ")" { depth -= 1 }
            read(next)
        } while depth > 0
        tokens = kept
    }
}
