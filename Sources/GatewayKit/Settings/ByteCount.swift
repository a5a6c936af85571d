/// A size in bytes: `64KiB`, `1MB`, or a bare number of bytes.
public struct ByteCount: Hashable, Comparable, Sendable, SettingValue {
    /// The number of bytes; never negative.
    public let bytes: Int

    /// Makes a size.
    public init(_ bytes: Int) { self.bytes = max(0, bytes) }

    /// Makes a size from binary units.
    public static func mebibytes(_ count: Int) -> ByteCount { ByteCount(count * 1_048_576) }
    /// Makes a size from binary units.
    public static func kibibytes(_ count: Int) -> ByteCount { ByteCount(count * 1024) }

    /// Orders by size.
    public static func < (left: Self, right: Self) -> Bool { left.bytes < right.bytes }

    /// A number with a unit.
    public static var schema: SettingSchema { .text("a size such as 64KiB", format) }

    private static let format = SettingFormat("^\\d+([KMG]i?)?B$|^\\d+$", examples: ["64KiB", "1MB"], integers: 0...Int.max)

    private static let units = [
        ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30), ("KB", 1000), ("MB", 1_000_000), ("GB", 1_000_000_000), ("B", 1), ("", 1),
    ]

    /// Reads a size.
    public static func decode(_ node: ConfigurationNode, _ decoder: inout SettingsDecoder) -> ByteCount? {
        guard let (text, _) = decoder.scalar(node, schema) else { return nil }
        let (digits, unit) = text.splitNumber()
        guard let digits, let factor = units.first(where: { $0.0 == unit })?.1 else {
            let isNegative = text.hasPrefix("-") && text.dropFirst().first?.isNumber == true
            let code = isNegative ? DiagnosticCode.outOfRange : .missingUnit
            decoder.report(
                code, "\(node.shownText) is \(isNegative ? "negative" : "no size")", at: node,
                help: digits.flatMap { help($0, unit) } ?? "write it like 64KiB or 1MB")
            return nil
        }
        guard let number = Int(digits), case (let bytes, let overflow) = number.multipliedReportingOverflow(by: factor), !overflow else {
            decoder.report(.outOfRange, "\(node.shownText) is too large", at: node, help: "write fewer digits")
            return nil
        }
        return ByteCount(bytes)
    }

    /// What to write instead of a unit that is none: `1mb` may be 10^6 or 2^20.
    private static func help(_ digits: Substring, _ unit: Substring) -> String? {
        let bare = unit.filter { $0 != " " }
        if units.contains(where: { $0.0 == bare && !bare.isEmpty }) { return "write \(digits)\(bare)" }
        let word = bare.lowercased()
        switch word {
        case "b", "byte", "bytes": return "write \(digits)B"
        case "k", "kb", "kib": return "write \(digits)KB (10^3) or \(digits)KiB (2^10)"
        case "m", "mb", "mib": return "write \(digits)MB (10^6) or \(digits)MiB (2^20)"
        case "g", "gb", "gib": return "write \(digits)GB (10^9) or \(digits)GiB (2^30)"
        default: return nil
        }
    }

    /// The largest unit that divides it.
    public var settingText: String {
        let unit = Self.units.filter { bytes > 0 && bytes.isMultiple(of: $0.1) }.max { $0.1 < $1.1 }
        return unit.map { "\(bytes / $0.1)\($0.0.isEmpty ? "B" : $0.0)" } ?? "0B"
    }
}

extension String {
    /// The decimal number at the start and what follows it; no number where there are no digits, or a zero leads more of them.
    func splitNumber() -> (digits: Substring?, rest: Substring) { self[...].splitNumber() }
}

extension Substring {
    /// The decimal number at the start and what follows it; no number where there are no digits, or a zero leads more of them.
    func splitNumber() -> (digits: Substring?, rest: Substring) {
        let digits = prefix { $0.isASCII && $0.isNumber }
        let isNumber = !digits.isEmpty && (digits.count == 1 || digits.first != "0")
        return (isNumber ? digits : nil, dropFirst(digits.count))
    }
}
