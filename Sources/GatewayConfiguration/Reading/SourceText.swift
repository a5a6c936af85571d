/// The text of a configuration file, line by line, for showing where findings are.
public struct SourceText: Sendable {
    /// The file's path, as the user gave it.
    public let file: String
    /// The text in UTF-8, without a byte order mark.
    public let bytes: [UInt8]
    /// The keys whose values are never shown.
    let secretKeys: SecretKeys
    /// Where each line starts.
    private let starts: [Int]

    /// Splits a text into lines, where libyaml does: CR, LF, CRLF, NEL, LS, PS.
    ///
    /// - Parameters:
    ///   - bytes: The text in UTF-8; a byte order mark at its start does not count.
    ///   - file: The file's path, as the user gave it.
    public init(bytes: [UInt8], file: String) { self.init(bytes: bytes, file: file, secretKeys: SecretKeys()) }

    init(bytes: [UInt8], file: String, secretKeys: SecretKeys) {
        self.file = file
        self.secretKeys = secretKeys
        self.bytes = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
        var starts = [0]
        let text = self.bytes
        for (index, byte) in text.enumerated() {
            let isBreak =
                switch byte {
                case 0x0A: true
                case 0x0D: index + 1 == text.count || text[index + 1] != 0x0A
                case 0x85: index > 0 && text[index - 1] == 0xC2
                case 0xA8, 0xA9: index > 1 && text[index - 1] == 0x80 && text[index - 2] == 0xE2
                default: false
                }
            if isBreak { starts.append(index + 1) }
        }
        self.starts = starts
    }

    /// How many lines there are.
    public var lineCount: Int { starts.count }

    /// The characters of a line.
    ///
    /// - Parameter number: From 1.
    /// - Returns: The line without its end; nothing where there is no line of that number.
    public func line(_ number: Int) -> [Unicode.Scalar] {
        guard starts.indices.contains(number - 1) else { return [] }
        let end = starts.indices.contains(number) ? starts[number] : bytes.count
        let text = String(decoding: bytes[starts[number - 1]..<end], as: UTF8.self)
        var scalars = Array(text.unicodeScalars)
        while let last = scalars.last, Self.breaks.contains(last) { scalars.removeLast() }
        return scalars
    }

    /// The line and column, from 1, of a byte.
    func position(ofByte index: Int) -> (line: Int, column: Int) {
        var (low, high) = (0, starts.count)
        while high - low > 1 {
            let middle = (low + high) / 2
            if starts[middle] <= index { low = middle } else { high = middle }
        }
        let before = bytes[starts[low]..<max(starts[low], min(index, bytes.count))]
        return (low + 1, before.count { $0 & 0xC0 != 0x80 } + 1)
    }

    private static let breaks: Set<Unicode.Scalar> = ["\n", "\r", "\u{85}", "\u{2028}", "\u{2029}"]
}
