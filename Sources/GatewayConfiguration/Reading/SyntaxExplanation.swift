import GatewayKit

/// Says in a user's words what libyaml could not read, at the place where it has to be mended.
///
/// libyaml names the place where it noticed, which is often a line later, and speaks of its own tokens.
struct SyntaxExplanation {
    let source: SourceText
    /// What of it no message may show.
    let mask: SecretMask
    /// The last quoted text that goes over several lines.
    let lastQuoted: (start: YAMLMark, end: YAMLMark)?
    /// The brackets that are open, the innermost last.
    let openBrackets: [YAMLMark]

    /// The finding for what libyaml said.
    func diagnostic(for failure: YAMLParser.Failure) -> Diagnostic {
        if let swallowed = lastQuoted, swallowed.end.line == failure.mark.line, failure.problem.hasPrefix("did not find expected") {
            let message = "the quote opened here is closed only on line \(swallowed.end.line + 1)"
            return error(message, swallowed.start, help: "close it on its own line")
        }
        if let key = longKey(before: failure.mark) {
            return error(
                .tooLong, "a key has at most \(Self.maxKeyLength) characters", key, length: failure.mark.column - key.column,
                help: "shorten it")
        }
        if scalar(failure.mark) == "\t" { return error("tab used for indenting", failure.mark, help: "indent with spaces") }
        if failure.context.hasSuffix("an alias") { return star(failure.contextMark) }
        if failure.context.contains("flow") { return FlowExplanation(text: self).diagnostic(for: failure) }
        return switch failure.problem {
        case "found unexpected end of stream", "found unexpected document indicator":
            error("the quote opened here is never closed", failure.contextMark, help: "close it at the end of the value")
        case "could not find expected ':'": noColon(failure)
        case "mapping values are not allowed in this context": secondColon(failure.mark)
        case "did not find expected key", "did not find expected '-' indicator": wrongLine(failure)
        case "found undefined tag handle":
            tag(failure.mark)
        case _ where failure.context.hasSuffix("a tag"): tag(failure.contextMark)
        case "found unexpected ':'": FlowExplanation(text: self).lastColon(failure.contextMark)
        case "did not find expected <document start>":
            error(.secondDocument, "the text goes on after the end of the document", failure.mark, help: "keep one document in a file")
        default: simple(failure)
        }
    }

    /// What libyaml looks back over for the start of a key.
    private static let maxKeyLength = 1024

    /// Where a key starts that is too long to be taken for one; nil where the colon at a place has another fault.
    private func longKey(before mark: YAMLMark) -> YAMLMark? {
        guard mark.column > Self.maxKeyLength, scalar(mark) == ":" else { return nil }
        let line = source.line(mark.line + 1)
        let start = line[..<mark.column].lastIndex { " \t,[]{}".unicodeScalars.contains($0) }.map { $0 + 1 } ?? 0
        return mark.column - start > Self.maxKeyLength ? YAMLMark(line: mark.line, column: start) : nil
    }

    /// What needs no search.
    private func simple(_ failure: YAMLParser.Failure) -> Diagnostic {
        let mark = failure.mark
        return switch failure.problem {
        case "found character that cannot start any token", "did not find expected node content",
            "mapping keys are not allowed in this context":
            error(
                "'\(scalar(mark).map(String.init) ?? "")' cannot start a value", mark, length: wordLength(mark),
                help: "put the value in quotes: \"\(word(mark))\"")
        case "block sequence entries are not allowed in this context":
            error("a list cannot start on the line of its key", mark, help: "put each `- ` on a line of its own, or write [a, b]")
        case "found unknown escape character":
            error("'\(word(mark, 2))' means nothing in double quotes", mark, help: "use single quotes, or double the backslash")
        case "did not find expected comment or line break":
            error("text after | or >", mark, help: "start the text on the next line")
        case _ where failure.context.hasSuffix("a directive"):
            error("a line that starts with % is a YAML directive", failure.contextMark, help: "delete it, or put the text in quotes")
        case _ where failure.context.hasSuffix("an anchor"):
            error(
                "'&' at the start of a value names a YAML anchor", failure.contextMark,
                help: "put it in quotes: \"\(word(failure.contextMark))\"")
        default:
            error(failure.context.isEmpty ? failure.problem : "\(failure.context), \(failure.problem)", mark, help: nil)
        }
    }

    private func tag(_ mark: YAMLMark) -> Diagnostic {
        error(
            .tag, "'\(word(mark))' is a YAML tag, which is not read", mark, length: wordLength(mark),
            help: "delete it, or put the text in quotes")
    }

    private func star(_ mark: YAMLMark) -> Diagnostic {
        error("'*' at the start of a value names a YAML alias", mark, length: wordLength(mark), help: "write \"\(word(mark))\"")
    }

    private func noColon(_ failure: YAMLParser.Failure) -> Diagnostic {
        let start = failure.contextMark
        if let hint = MissingSpace.find(in: source, lines: start.line + 1...max(start.line, failure.mark.line) + 1, hiding: mask) {
            return hint
        }
        let text = word(start)
        if text.count > 1, text.first == "-" {
            return error(
                "'\(text)' has no space behind its dash", start, length: wordLength(start), help: "write `- \(text.dropFirst())`")
        }
        return error("'\(text)' has no colon and no value", start, length: wordLength(start), help: "write `\(text): value`")
    }

    /// A colon where none can be: in a value, or behind a word that the value above has swallowed.
    private func secondColon(_ mark: YAMLMark) -> Diagnostic {
        if let hint = MissingSpace.find(in: source, lines: max(1, mark.line)...mark.line + 1, hiding: mask) { return hint }
        let line = source.line(mark.line + 1)
        let first = line.indices.first { line[$0] == ":" && ($0 + 1 == line.count || line[$0 + 1] == " ") }
        if let first, first < mark.column {
            let start = line[(first + 1)...].firstIndex { $0 != " " } ?? first
            let end = (line.lastIndex { $0 != " " } ?? start) + 1
            let value = string(mark.line, start..<end)
            return error(
                "': ' inside a value starts another key", YAMLMark(line: mark.line, column: start), length: end - start,
                help: "put the value in quotes: \"\(value)\"")
        }
        let start = line.firstIndex { $0 != " " } ?? 0
        return error(
            "this line is indented as if it were part of the value above", YAMLMark(line: mark.line, column: start),
            length: mark.column - start, help: "indent it like the line above, or end that line in a colon")
    }

    /// A line, or the rest of one, that fits nothing around it.
    private func wrongLine(_ failure: YAMLParser.Failure) -> Diagnostic {
        let mark = failure.mark
        let line = source.line(mark.line + 1)
        let isFirst = line.prefix(mark.column).allSatisfy { $0 == " " }
        switch scalar(mark) {
        case "]", "}": return error("this bracket closes nothing", mark, help: "delete it, or open it before")
        case ":": return error("the key before the colon is missing", mark, help: "write `key: value`")
        case "-" where isFirst: return error("a list item among keys", mark, help: "indent the list under its key")
        default: break
        }
        guard isFirst else {
            return error("text after the end of the value", mark, help: "put the whole value in quotes, or delete the rest")
        }
        if failure.problem.contains("'-'") {
            return error("a key among list items", mark, help: "start it with `- `, or indent it like its own list")
        }
        return error("the indentation of this line fits no line above", mark, help: "line it up with the keys that it belongs to")
    }
}

extension SyntaxExplanation {
    func error(_ message: String, _ mark: YAMLMark, length: Int = 1, help: String?) -> Diagnostic {
        error(.syntax, message, mark, length: length, help: help)
    }

    func error(_ code: DiagnosticCode, _ message: String, _ mark: YAMLMark, length: Int = 1, help: String?) -> Diagnostic {
        // libyaml may stand one line behind the last.
        let isInside = mark.line < source.lineCount
        let mark = isInside ? mark : YAMLMark(line: source.lineCount - 1, column: source.line(source.lineCount).count)
        let place = SourcePlace(.file(source.file), line: mark.line + 1, column: mark.column + 1, length: length)
        return Diagnostic(.error, code, message, at: place, help: help)
    }

    /// The character at a place; nil beyond the end of its line.
    func scalar(_ mark: YAMLMark) -> Unicode.Scalar? {
        let line = source.line(mark.line + 1)
        return line.indices.contains(mark.column) ? line[mark.column] : nil
    }

    /// The word at a place, up to a space, comma or bracket, or so many characters; stars where it may be a secret.
    func word(_ mark: YAMLMark, _ length: Int = 60) -> String {
        string(mark.line, mark.column..<mark.column + min(length, wordLength(mark)))
    }

    /// How many characters the word at a place has, of 60 at most.
    func wordLength(_ mark: YAMLMark) -> Int {
        source.line(mark.line + 1).dropFirst(mark.column).prefix { !" \t,[]{}".unicodeScalars.contains($0) }.prefix(60).count
    }

    /// A part of a line, counted from 0, for a message; stars for what may be a secret.
    func string(_ line: Int, _ columns: Range<Int>) -> String { mask.shown(source.line(line + 1), line + 1, columns) }
}
