public import GatewayKit

/// Reads YAML into nodes with places.
///
/// Takes the part of YAML that people and libyaml read alike: one document in UTF-8, without anchors, merge keys and tags.
/// Whatever the bytes are, it answers, and every finding has a place.
public enum YAMLReader: Sendable {
    /// The largest file.
    public static let maxFileSize = 1 << 20
    /// The largest value.
    public static let maxScalarSize = 64 << 10
    /// The deepest nesting.
    public static let maxDepth = 64
    static let maxNodes = 100_000
    /// After so many errors the rest is not read.
    static let maxErrors = 1000

    /// Reads a text.
    ///
    /// - Parameters:
    ///   - bytes: The text.
    ///   - file: The file's path for the places, as the user gave it.
    /// - Returns: The mapping at the top, nil where the text cannot be read to its end, and the findings in the order of the text.
    public static func read(bytes: [UInt8], file: String) -> (ConfigurationNode?, [Diagnostic]) {
        read(SourceText(bytes: bytes, file: file), bytes)
    }

    static func read(_ source: SourceText, _ bytes: [UInt8]) -> (ConfigurationNode?, [Diagnostic]) {
        guard bytes.count <= maxFileSize else {
            let top = SourcePlace(.file(source.file), line: 1, column: 1)
            return (nil, [Diagnostic(.error, .tooLong, "the file is larger than 1MiB", at: top, help: "is it the right file?")])
        }
        if let problem = EncodingCheck.problem(bytes, source) { return (nil, [problem]) }
        var builder = NodeBuilder(source: source)
        if !source.bytes.isEmpty, let failure = YAMLParser.parse(source.bytes, { builder.add($0) }) {
            // libyaml looks ahead: what was found before may be the reason, so it stays.
            let explanation = SyntaxExplanation(
                source: source, mask: .rough(source, through: failure.mark.line + 2), lastQuoted: builder.lastQuoted,
                openBrackets: builder.openBrackets)
            return (nil, builder.diagnostics + [explanation.diagnostic(for: failure)])
        }
        guard !builder.isStopped else { return (nil, builder.diagnostics) }
        return top(builder, source)
    }

    /// Checks that there is something, and that it is keys with values.
    private static func top(_ builder: NodeBuilder, _ source: SourceText) -> (ConfigurationNode?, [Diagnostic]) {
        let place = SourcePlace(.file(source.file), line: 1, column: 1)
        guard let root = builder.root, !root.isNull else {
            let isEmpty = source.bytes.allSatisfy { [0x20, 0x09, 0x0A, 0x0D].contains($0) }
            let finding = Diagnostic(
                .error, .missingKey, isEmpty ? "the file is empty" : "the file says nothing", at: place,
                help: "start it with `version: 1` and a `pipeline:`")
            return (nil, builder.diagnostics + [finding])
        }
        if case .mapping = root.content { return (root, builder.diagnostics) }
        let mask = SecretMask.rough(source)
        let columns = root.place.column - 1..<root.place.column - 1 + root.place.length
        let found = mask.hides(root.place.line, columns) ? "text" : root.summary
        var finding = Diagnostic(
            .error, .wrongType, "expected keys with values at the top of the file, got \(found)", at: root.place, help: "write `key: value`"
        )
        if case .scalar(_, isPlain: true) = root.content,
            let hint = MissingSpace.find(in: source, lines: root.place.line...root.place.line, hiding: mask)
        {
            finding = hint
        }
        return (nil, builder.diagnostics + [finding])
    }
}
