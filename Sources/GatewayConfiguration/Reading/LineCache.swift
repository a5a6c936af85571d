/// The lines of a text for who asks for the same one again and again: a file of one line has all its findings there.
struct LineCache {
    private let source: SourceText
    /// What is done with a line before it is kept.
    private let change: ([Unicode.Scalar], Int) -> [Unicode.Scalar]
    private var kept: (number: Int, line: [Unicode.Scalar])?

    init(_ source: SourceText, _ change: @escaping ([Unicode.Scalar], Int) -> [Unicode.Scalar] = { line, _ in line }) {
        self.source = source
        self.change = change
    }

    /// The file's path, as the user gave it.
    var file: String { source.file }

    /// The characters of a line, counted from 1.
    mutating func line(_ number: Int) -> [Unicode.Scalar] {
        if let kept, kept.number == number { return kept.line }
        let line = change(source.line(number), number)
        kept = (number, line)
        return line
    }
}
