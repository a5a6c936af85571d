import GatewayKit

/// Says what is wrong between brackets.
struct FlowExplanation {
    let text: SyntaxExplanation

    /// The finding for what libyaml said about a list in `[ ]` or a mapping in `{ }`.
    func diagnostic(for failure: YAMLParser.Failure) -> Diagnostic {
        let mark = failure.mark
        let line = text.source.line(mark.line + 1)
        if text.scalar(mark) == "{", mark.column > 0, line[mark.column - 1] == "$" {
            let start = YAMLMark(line: mark.line, column: mark.column - 1)
            let end = line[mark.column...].firstIndex(of: "}") ?? line.count - 1
            let variable = text.string(start.line, start.column..<end + 1)
            return text.error(
                "a variable between brackets needs quotes", start, length: end + 1 - start.column, help: "write \"\(variable)\"")
        }
        if failure.problem == "did not find expected node content" { return content(mark, line) }
        if text.scalar(mark) == "]", !text.openBrackets.contains(where: { text.scalar($0) == "[" }) {
            return text.error("this bracket closes nothing", mark, help: "delete it, or open it before")
        }
        guard isClosed(from: failure.contextMark), text.scalar(mark) != nil else {
            return unclosed(failure.contextMark)
        }
        let missing = failure.problem.hasSuffix("']'") ? "',' or ']'" : "',' or '}'"
        return text.error(
            "\(missing) is missing before this", mark, help: "put a comma between values, and quotes around text with signs in it")
    }

    /// A word that ends in a colon, which YAML takes for a key.
    func lastColon(_ mark: YAMLMark) -> Diagnostic {
        let word = text.word(mark)
        let isAddress = word.count { $0 == ":" } > 1
        guard !isAddress, let bracket = text.openBrackets.last, text.scalar(bracket) == "{" else {
            let message = isAddress ? "an address with colons needs quotes" : "text with a colon at its end needs quotes"
            return text.error(message, mark, length: text.wordLength(mark), help: "write \"\(word)\"")
        }
        return text.error("'\(word)' has no value", mark, length: text.wordLength(mark), help: "write `\(word) VALUE`")
    }

    private func unclosed(_ mark: YAMLMark) -> Diagnostic {
        let bracket = text.scalar(mark).map(String.init) ?? "bracket"
        return text.error(
            "the '\(bracket)' opened here is never closed", mark, help: bracket == "{" ? "close it with }" : "close it with ]")
    }

    /// Something that cannot start a value: most often an address such as `::1`.
    private func content(_ mark: YAMLMark, _ line: [Unicode.Scalar]) -> Diagnostic {
        guard let scalar = text.scalar(mark) else { return unclosed(text.openBrackets.last ?? mark) }
        guard scalar == ":" else { return text.error("'\(scalar)' cannot start a value", mark, help: "put the value in quotes") }
        var start = mark
        var length = text.wordLength(mark)
        // `[::]:3000` is an address with its port, not a list.
        if mark.column > 0, line[mark.column - 1] == "[", let end = line[mark.column...].firstIndex(of: "]"),
            line[(end + 1)...].first == ":"
        {
            start.column -= 1
            length = (line[(end + 1)...].firstIndex { $0 == " " || $0 == "," } ?? line.count) - start.column
        }
        let word = text.string(start.line, start.column..<start.column + length)
        let isAlone = start.column > 0 && line[start.column - 1] == "[" && line.dropFirst(start.column + length).first == "]"
        return text.error(
            "an address with colons needs quotes", start, length: length,
            help: "write \"\(word)\"" + (isAlone ? ", and where one address is wanted no brackets" : ""))
    }

    /// Whether the bracket at a place has its partner, as far as quotes and comments let one see.
    private func isClosed(from mark: YAMLMark) -> Bool {
        var depth = 0
        var quote: Unicode.Scalar?
        for number in mark.line + 1...max(mark.line + 1, text.source.lineCount) {
            var previous: Unicode.Scalar = " "
            for scalar in text.source.line(number).dropFirst(number == mark.line + 1 ? mark.column : 0) {
                defer { previous = scalar }
                if let open = quote {
                    if scalar == open { quote = nil }
                    continue
                }
                switch scalar {
                case "\"", "'": if " [{,:".unicodeScalars.contains(previous) { quote = scalar }
                case "[", "{": depth += 1
                case "]", "}":
                    depth -= 1
                    if depth == 0 { return true }
                default: break
                }
                if scalar == "#", previous == " " { break }
            }
        }
        return false
    }
}
