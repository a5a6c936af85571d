import GatewayKit

/// Reads one value in YAML's flow style, for settings that stand in a test: `{a: 1, b: [x, "y"]}`.
struct FlowReader {
    private let text: [Character]
    private var position = 0

    init(_ text: String) { self.text = Array(text) }

    mutating func read() throws(Diagnostic) -> ConfigurationNode {
        let node = try value(isNested: false)
        skipSpace()
        guard position == text.count else { throw error("expected the end") }
        return node
    }

    private mutating func value(isNested: Bool) throws(Diagnostic) -> ConfigurationNode {
        skipSpace()
        let start = position
        switch peek {
        case "{": return ConfigurationNode(.mapping(try entries()), at: place(from: start))
        case "[": return ConfigurationNode(.sequence(try elements()), at: place(from: start))
        case "\"", "'": return ConfigurationNode(.scalar(try quoted(), isPlain: false), at: place(from: start))
        default: return ConfigurationNode(.scalar(plain(endingAt: isNested ? ",]}" : ""), isPlain: true), at: place(from: start))
        }
    }

    private mutating func entries() throws(Diagnostic) -> [ConfigurationNode.Entry] {
        var entries: [ConfigurationNode.Entry] = []
        position += 1
        while try !ends(with: "}", first: entries.isEmpty) {
            let start = position
            let key = peek == "\"" || peek == "'" ? try quoted() : plain(endingAt: ",]}", isKey: true)
            let keyPlace = place(from: start)
            guard peek == ":" else { throw error("expected ':'") }
            position += 1
            entries.append(.init(key: key, keyPlace: keyPlace, value: try value(isNested: true)))
        }
        return entries
    }

    private mutating func elements() throws(Diagnostic) -> [ConfigurationNode] {
        var elements: [ConfigurationNode] = []
        position += 1
        while try !ends(with: "]", first: elements.isEmpty) { elements.append(try value(isNested: true)) }
        return elements
    }

    /// Reads the bracket, or the comma that stands before every element but the first.
    private mutating func ends(with bracket: Character, first: Bool) throws(Diagnostic) -> Bool {
        skipSpace()
        if peek == bracket {
            position += 1
            return true
        }
        guard !first else { return false }
        guard peek == "," else { throw error("expected ',' or '\(bracket)'") }
        position += 1
        skipSpace()
        return false
    }

    private mutating func quoted() throws(Diagnostic) -> String {
        let quote = peek
        position += 1
        let start = position
        while let character = peek, character != quote { position += character == "\\" && quote == "\"" ? 2 : 1 }
        guard peek == quote else { throw error("a quote is not closed") }
        let content = String(text[start..<position])
        position += 1
        return quote == "\"" ? content.replacing("\\\"", with: "\"").replacing("\\\\", with: "\\") : content
    }

    /// Text without quotes; a colon ends a key only where a space follows, so that addresses and URLs need none.
    private mutating func plain(endingAt ends: String, isKey: Bool = false) -> String {
        let start = position
        while let character = peek, !ends.contains(character) {
            if isKey, character == ":", position + 1 >= text.count || text[position + 1].isWhitespace { break }
            position += 1
        }
        let content = text[start..<position]
        return String(content.reversed().drop(while: \.isWhitespace).reversed())
    }

    private var peek: Character? { position < text.count ? text[position] : nil }

    private mutating func skipSpace() {
        while peek?.isWhitespace == true { position += 1 }
    }

    private func place(from start: Int) -> SourcePlace {
        SourcePlace(.file("settings"), line: 1, column: start + 1, length: position - start)
    }

    private func error(_ message: String) -> Diagnostic {
        Diagnostic(.error, .syntax, "\(message) after '\(String(text.prefix(position)))'", at: place(from: position))
    }
}
