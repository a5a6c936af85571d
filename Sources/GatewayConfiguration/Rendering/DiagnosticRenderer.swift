internal import Foundation
public import GatewayKit

/// Shows findings: to people with the line at fault and a caret under it, to programs as JSON.
public struct DiagnosticRenderer: Sendable {
    /// How many findings are shown; the rest is counted.
    public static let maxShown = 100

    private let source: SourceText?
    private let file: String
    private let isColoured: Bool

    /// Makes a renderer.
    ///
    /// - Parameters:
    ///   - source: The file's text; without it no lines are shown.
    ///   - file: The file's path, as the user gave it.
    ///   - isColoured: Whether to use the terminal's colours.
    public init(source: SourceText?, file: String, isColoured: Bool = false) {
        self.source = source
        self.file = file
        self.isColoured = isColoured
    }

    /// Makes a renderer for what loading came to.
    ///
    /// - Parameters:
    ///   - result: What loading came to.
    ///   - isColoured: Whether to use the terminal's colours.
    public init<Core: Settings>(_ result: ConfigurationResult<Core>, isColoured: Bool = false) {
        self.init(source: result.source, file: result.file, isColoured: isColoured)
    }

    /// The findings for people, with a count at the end; empty where there is none.
    public func human(_ diagnostics: [Diagnostic]) -> String {
        guard !diagnostics.isEmpty else { return "" }
        let shown = diagnostics.prefix(Self.maxShown)
        let last = shown.map(\.place.line).max() ?? 0
        var lines = source.map { source in LineCache(source, SecretMask(source, through: last).masked) }
        var blocks = shown.map { block($0, &lines) }
        if diagnostics.count > Self.maxShown { blocks.append("and \(diagnostics.count - Self.maxShown) more\n") }
        return blocks.joined(separator: "\n") + "\n\(summary(diagnostics))\n"
    }

    /// `3 errors, 1 warning in gateway.yaml`; without the file where one of them stands elsewhere.
    public func summary(_ diagnostics: [Diagnostic]) -> String {
        let errors = diagnostics.count { $0.severity == .error }
        let warnings = diagnostics.count - errors
        let parts = [(errors, "error"), (warnings, "warning")].filter { $0.0 > 0 }.map { "\($0.0) \($0.1)\($0.0 == 1 ? "" : "s")" }
        let isInFile = diagnostics.allSatisfy { if case .file = $0.place.origin { true } else { false } }
        return (parts.isEmpty ? "no errors" : parts.joined(separator: ", ")) + (isInFile ? " in \(Printable.text(file))" : "")
    }

    /// The findings for programs: `{"diagnostics":[{"file","line","column","severity","code","message","help"}]}`, all of them.
    public func json(_ diagnostics: [Diagnostic]) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(JSONDiagnostics(diagnostics)) else { return "{\"diagnostics\":[]}" }
        return String(decoding: data, as: UTF8.self)
    }

    private func block(_ diagnostic: Diagnostic, _ source: inout LineCache?) -> String {
        let isError = diagnostic.severity == .error
        let head = coloured("\(diagnostic.severity.rawValue)[\(diagnostic.code.rawValue)]", isError ? "1;31" : "1;33")
        var lines = ["\(Printable.text("\(diagnostic.place)")): \(head): \(Printable.text(diagnostic.message))"]
        if case .file = diagnostic.place.origin, diagnostic.place.line > 0, var shown = source {
            let excerpt = SourceExcerpt(&shown, diagnostic.place)
            source = shown
            lines.append("\(excerpt.margin)|")
            lines.append("\(excerpt.number)| \(excerpt.line)")
            let label = diagnostic.label.map { " \(Printable.text($0))" } ?? ""
            lines.append("\(excerpt.margin)| \(coloured(excerpt.carets, isError ? "31" : "33"))\(label)")
        }
        for note in diagnostic.notes { lines.append(coloured("note:", "1") + " \(Printable.text(text(of: note)))") }
        if let help = diagnostic.help { lines.append(coloured("help:", "1;36") + " \(Printable.text(help))") }
        return lines.joined(separator: "\n") + "\n"
    }

    private func text(of note: Diagnostic.Note) -> String { note.place.map { "\(note.text) at \($0)" } ?? note.text }

    private func coloured(_ text: String, _ code: String) -> String { isColoured ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text }
}
