/// A value that is never shown.
public struct Secret: Hashable, Sendable, SettingValue, CustomStringConvertible {
    /// The bytes.
    public let bytes: [UInt8]

    /// Makes a secret of a text; one line feed at its end, as a file has it, does not count.
    public init(_ text: String) {
        var bytes = Array(text.utf8)
        if bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
        self.bytes = bytes
    }

    /// Whether a text is the secret; takes as long for every text of the same length.
    public func isEqual(to text: String) -> Bool {
        let other = Array(text.utf8)
        guard other.count == bytes.count, !bytes.isEmpty else { return false }
        return zip(bytes, other).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }

    /// A secret.
    public static var schema: SettingSchema { .text(title) }

    static let title = "a secret"

    /// Reads a scalar; warns where it stands in the file itself, be it as what a variable stands in for.
    public static func decode(_ node: ConfigurationNode, _ decoder: inout SettingsDecoder) -> Secret? {
        guard let (text, _) = decoder.scalar(node, schema) else { return nil }
        let isLiteral = node.template.map(hasDefault) ?? (!node.isFilled && !text.isEmpty)
        if case .file = node.place.origin, isLiteral {
            decoder.report(
                Diagnostic(
                    .warning, .literalSecret, "\(decoder.pathText): the secret stands in the file", at: node.place,
                    help: "write ${NAME} and give it in the environment, or ${file:PATH}"))
        }
        return Secret(text)
    }

    private static func hasDefault(_ template: String) -> Bool {
        template.firstRange(of: ":-").map { template[$0.upperBound...].first != "}" } ?? false
    }

    /// `***`.
    public var settingText: String { "***" }
    /// `***`.
    public var description: String { "***" }
}

extension Secret: CustomReflectable {
    /// Nothing: a dump shows no secret either.
    public var customMirror: Mirror { Mirror(self, children: [(label: String?, value: Any)]()) }
}
