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
    public static var schema: SettingSchema { .text("a size such as 64KiB") }

    private static let units = [
        ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30), ("KB", 1000), ("MB", 1_000_000), ("GB", 1_000_000_000), ("B", 1), ("", 1),
    ]

    /// Reads a size.
    public static func decode(_ node: ConfigurationNode, _ decoder: inout SettingsDecoder) -> ByteCount? {
        guard let (text, _) = decoder.scalar(node, schema) else { return nil }
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        let unit = text.dropFirst(digits.count)
        guard !digits.isEmpty, let factor = units.first(where: { $0.0 == unit })?.1 else {
            let near = units.filter { $0.0.lowercased() == unit.lowercased() || $0.0.lowercased() == unit.lowercased() + "b" }
            let help = digits.isEmpty || near.isEmpty ? "write it like 64KiB or 1MB" : binaryAndDecimal(digits, near[0].0)
            decoder.report(.missingUnit, "'\(text)' is no size", at: node, help: help)
            return nil
        }
        guard let number = Int(digits), case let (bytes, overflow) = number.multipliedReportingOverflow(by: factor), !overflow else {
            decoder.report(.outOfRange, "'\(text)' is too large", at: node)
            return nil
        }
        return ByteCount(bytes)
    }

    private static func binaryAndDecimal(_ digits: Substring, _ unit: String) -> String {
        let letter = unit.prefix(1)
        let power = ["K": ("10^3", "2^10"), "M": ("10^6", "2^20"), "G": ("10^9", "2^30")][String(letter)] ?? ("1", "1")
        return "write \(digits)\(letter)B (\(power.0)) or \(digits)\(letter)iB (\(power.1))"
    }

    /// The largest unit that divides it.
    public var settingText: String {
        let unit = Self.units.filter { bytes > 0 && bytes.isMultiple(of: $0.1) }.max { $0.1 < $1.1 }
        return unit.map { "\(bytes / $0.1)\($0.0.isEmpty ? "B" : $0.0)" } ?? "0B"
    }
}

extension Duration: SettingValue {
    /// A number with a unit.
    public static var schema: SettingSchema { .text("a duration such as 30s") }

    private static let units: [(name: String, milliseconds: Int)] = [
        ("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000),
    ]

    /// Reads `250ms`, `30s`, `1m30s`, `15m`, `30d`, or a bare 0.
    public static func decode(_ node: ConfigurationNode, _ decoder: inout SettingsDecoder) -> Duration? {
        guard let (text, _) = decoder.scalar(node, schema) else { return nil }
        if text == "0" { return .zero }
        var total = 0
        var rest = text[...]
        var smallest = Int.max
        repeat {
            let digits = rest.prefix { $0.isASCII && $0.isNumber }
            let unit = rest.dropFirst(digits.count).prefix { $0.isLetter }
            guard !digits.isEmpty, let milliseconds = units.first(where: { $0.name == unit })?.milliseconds, milliseconds < smallest else {
                let isBare = !digits.isEmpty && unit.isEmpty && digits.count == rest.count && digits.count == text.count
                decoder.report(
                    .missingUnit, "'\(text)' \(isBare ? "has no unit" : "is no duration")", at: node,
                    help: isBare ? "write \(text)ms or \(text)s" : "write it like 250ms, 30s, 1m30s, 15m or 30d")
                return nil
            }
            let (product, overflow) = (Int(digits) ?? .max).multipliedReportingOverflow(by: milliseconds)
            let (sum, overflow2) = total.addingReportingOverflow(product)
            guard !overflow, !overflow2, sum < 1 << 53 else {
                decoder.report(.outOfRange, "'\(text)' is too long", at: node)
                return nil
            }
            (total, smallest) = (sum, milliseconds)
            rest = rest.dropFirst(digits.count + unit.count)
        } while !rest.isEmpty
        return .milliseconds(total)
    }

    /// In the largest units: `1m30s`.
    public var settingText: String {
        var rest = milliseconds
        let parts = Self.units.reversed().compactMap { unit -> String? in
            let count = rest / Int64(unit.milliseconds)
            rest %= Int64(unit.milliseconds)
            return count > 0 ? "\(count)\(unit.name)" : nil
        }
        return parts.isEmpty ? "0" : parts.joined()
    }
}

/// How often something may happen: `50/s`, `100/m`, `1000/h`.
public struct Rate: Hashable, Sendable, SettingValue {
    /// How many.
    public let count: Int
    /// In which time.
    public let period: Duration

    /// Makes a rate.
    public init(_ count: Int, per period: Duration = .seconds(1)) {
        self.count = max(0, count)
        self.period = period
    }

    /// The time from one to the next, in nanoseconds, at least 1; Int64.max where the count is 0.
    public var interval: Int64 { count > 0 ? max(1, period.nanoseconds / Int64(count)) : .max }

    /// A number and a unit of time.
    public static var schema: SettingSchema { .text("a rate such as 50/s") }

    private static let units: [(name: String, period: Duration)] = [("s", .seconds(1)), ("m", .seconds(60)), ("h", .seconds(3600))]

    /// Reads a rate.
    public static func decode(_ node: ConfigurationNode, _ decoder: inout SettingsDecoder) -> Rate? {
        guard let (text, _) = decoder.scalar(node, schema) else { return nil }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts[0].allSatisfy({ $0.isASCII && $0.isNumber }), let count = Int(parts[0]), count > 0, count <= 1_000_000_000 else {
            decoder.report(.invalidValue, "'\(text)' is no rate", at: node, help: "write it like 50/s, 100/m or 1000/h")
            return nil
        }
        guard parts.count == 2, let unit = units.first(where: { $0.name == parts[1] }) else {
            let help = parts.count == 1 ? "write \(count)/s, \(count)/m or \(count)/h" : "write it like 50/s, 100/m or 1000/h"
            decoder.report(.missingUnit, "'\(text)' has no unit of time", at: node, help: help)
            return nil
        }
        return Rate(count, per: unit.period)
    }

    /// `50/s`.
    public var settingText: String { "\(count)/\(Self.units.first { $0.period == period }?.name ?? "s")" }
}

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

    /// A secret.
    public static var schema: SettingSchema { .text("a secret") }

    /// Reads a scalar; warns where it stands in the file itself.
    public static func decode(_ node: ConfigurationNode, _ decoder: inout SettingsDecoder) -> Secret? {
        guard let (text, _) = decoder.scalar(node, schema) else { return nil }
        if case .file = node.place.origin, !node.isFilled, !text.isEmpty {
            decoder.report(
                Diagnostic(
                    .warning, .literalSecret, "\(decoder.pathText): the secret stands in the file", at: node.place,
                    help: "write ${NAME} and give it in the environment, or ${file:PATH}"))
        }
        return Secret(text)
    }

    /// `***`.
    public var settingText: String { "***" }
    /// `***`.
    public var description: String { "***" }
}

/// A path of a file; a relative one starts at the folder of the configuration file.
public struct FilePath: Hashable, Sendable, SettingValue, CustomStringConvertible {
    /// The absolute path.
    public let path: String

    /// Makes a path of an absolute one.
    public init(_ path: String) { self.path = path }

    /// A path.
    public static var schema: SettingSchema { .text("a path") }

    /// Reads a path and makes it absolute.
    public static func decode(_ node: ConfigurationNode, _ decoder: inout SettingsDecoder) -> FilePath? {
        guard let (text, _) = decoder.scalar(node, schema) else { return nil }
        guard !text.isEmpty, !text.utf8.contains(0) else {
            decoder.report(.invalidValue, "\(node.summary) is no path", at: node)
            return nil
        }
        return FilePath(text.hasPrefix("/") ? text : "\(decoder.baseFolder)/\(text)")
    }

    /// The path.
    public var settingText: String { path.settingText }
    /// The path.
    public var description: String { path }
}

extension AddressRange: SettingValue {
    /// CIDR notation.
    public static var schema: SettingSchema { .text("an address or network such as 10.0.0.0/8") }

    /// Reads CIDR notation.
    public static func decode(_ node: ConfigurationNode, _ decoder: inout SettingsDecoder) -> AddressRange? {
        guard let (text, _) = decoder.scalar(node, schema) else { return nil }
        if let range = AddressRange(text) { return range }
        decoder.report(.invalidValue, "'\(text)' is no address or network", at: node, help: "write it like 10.0.0.0/8 or \"::1/128\"")
        return nil
    }

    /// CIDR notation.
    public var settingText: String { description.settingText }
}

extension TopicPattern: SettingValue {
    /// A pattern.
    public static var schema: SettingSchema { .text("a topic pattern such as messages.**") }

    /// Reads a pattern.
    public static func decode(_ node: ConfigurationNode, _ decoder: inout SettingsDecoder) -> TopicPattern? {
        guard let (text, _) = decoder.scalar(node, schema) else { return nil }
        do {
            return try TopicPattern(text)
        } catch {
            decoder.report(.invalidValue, "the pattern '\(text)' \(error.rawValue)", at: node)
            return nil
        }
    }

    /// In quotes where it has wildcards.
    public var settingText: String { description.settingText }
}
