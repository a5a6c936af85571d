/// A text with variables: `${VAR}`, `${VAR:-default}`, `${VAR:?why}`, `${file:PATH}`, and `$${` for a literal `${`.
struct VariableTemplate {
    enum Part: Equatable {
        case text(String)
        case variable(name: String, ifUnset: IfUnset)
        case file(String)
    }

    enum IfUnset: Equatable {
        /// Not to be set is an error; to be empty is not.
        case fails
        /// The text that stands in; for an empty variable too, as in a shell.
        case standsIn(String)
        /// Not to be set or to be empty is an error with this text.
        case says(String)
    }

    /// What is wrong with a template, and what to write.
    struct Failure: Error {
        let message: String
        let help: String
    }

    let parts: [Part]

    /// Whether anything in the text stands for something else.
    static func isTemplate(_ text: String) -> Bool { text.contains("${") }

    /// Reads a text.
    init(_ text: String) throws(Failure) {
        var parts: [Part] = []
        var literal = ""
        var rest = text[...]
        while let dollar = rest.firstIndex(of: "$") {
            literal += rest[..<dollar]
            rest = rest[dollar...]
            if rest.hasPrefix("$${") {
                literal += "${"
                rest = rest.dropFirst(3)
            } else if rest.hasPrefix("${") {
                guard let end = rest.firstIndex(of: "}") else {
                    throw Failure(message: "the variable is not closed", help: "write ${NAME}, or $${ for a literal ${")
                }
                if !literal.isEmpty { parts.append(.text(literal)) }
                literal = ""
                parts.append(try Self.part(rest[..<end].dropFirst(2)))
                rest = rest[end...].dropFirst()
            } else {
                literal += "$"
                rest = rest.dropFirst()
            }
        }
        literal += rest
        if !literal.isEmpty { parts.append(.text(literal)) }
        self.parts = parts
    }

    private static func part(_ inner: Substring) throws(Failure) -> Part {
        if inner.contains("${") {
            throw Failure(message: "a variable inside another is not read", help: "write the default out: ${NAME:-default}")
        }
        if inner.hasPrefix("file:") {
            let path = String(inner.dropFirst(5))
            if path.isEmpty { throw Failure(message: "the path is missing", help: "write ${file:PATH}") }
            return .file(path)
        }
        let name = inner.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
        let rest = inner.dropFirst(name.count)
        guard let first = name.first, !first.isNumber else {
            throw Failure(message: "'${' is followed by no name", help: "write ${NAME}, or $${ for a literal ${")
        }
        if rest.isEmpty { return .variable(name: String(name), ifUnset: .fails) }
        if rest.hasPrefix(":-") { return .variable(name: String(name), ifUnset: .standsIn(String(rest.dropFirst(2)))) }
        if rest.hasPrefix(":?") { return .variable(name: String(name), ifUnset: .says(String(rest.dropFirst(2)))) }
        throw Failure(
            message: "'${\(name)' is followed by neither } nor :- nor :?", help: "write ${\(name)}, ${\(name):-default} or ${\(name):?why}")
    }
}
