/// What the text of a setting looks like, for editors and other programs that check a file before the gateway does.
///
/// It may let through what decoding refuses, and never refuses what decoding takes.
public struct SettingFormat: Sendable, Hashable {
    /// A regular expression (ECMA 262) that every value matches.
    public let pattern: String
    /// Values to show.
    public let examples: [String]
    /// The whole numbers that are values too; nil where none is.
    public let integers: ClosedRange<Int>?

    /// Describes a format.
    ///
    /// - Parameters:
    ///   - pattern: A regular expression that every value matches, with `^` and `$`.
    ///   - examples: Values to show.
    ///   - integers: The whole numbers that are values too.
    public init(_ pattern: String, examples: [String] = [], integers: ClosedRange<Int>? = nil) {
        self.pattern = pattern
        self.examples = examples
        self.integers = integers
    }
}
