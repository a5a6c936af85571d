extension Bool: SettingValue {
    /// `true` or `false`.
    public static var schema: SettingSchema { .boolean }

    /// Reads `true` or `false`, and no other word.
    public static func decode(_ node: ConfigurationNode, _ decoder: inout SettingsDecoder) -> Bool? {
        guard let (text, isPlain) = decoder.scalar(node, schema) else { return nil }
        guard isPlain || node.isFilled else {
            decoder.reportQuoted(text, Bool.self, at: node)
            return nil
        }
        switch text {
        case "true": return true
        case "false": return false
        default:
            let isYes = ["yes", "y", "on", "1", "true"].contains(text.lowercased())
            let isNo = ["no", "n", "off", "0", "false"].contains(text.lowercased())
            decoder.report(
                .wrongType, "expected true or false, got \(node.summary)", at: node,
                help: isYes ? "write true" : isNo ? "write false" : "write true or false")
            return nil
        }
    }

    /// `true` or `false`.
    public var settingText: String { String(self) }
}

extension Int: SettingValue {
    /// A whole number.
    public static var schema: SettingSchema { .integer }

    /// Reads digits, with `_` between them if liked; no leading zeros, hex, exponents or base 60.
    public static func decode(_ node: ConfigurationNode, _ decoder: inout SettingsDecoder) -> Int? {
        guard let (text, isPlain) = decoder.scalar(node, schema) else { return nil }
        guard isPlain || node.isFilled else {
            decoder.reportQuoted(text, Int.self, at: node)
            return nil
        }
        let digits = text.hasPrefix("-") ? text.dropFirst() : text[...]
        let isNumber =
            digits.first != "_" && digits.last != "_" && !digits.isEmpty && digits.utf8.allSatisfy { $0 == 95 || (48...57).contains($0) }
        guard isNumber, digits.count == 1 || digits.first != "0" else {
            let help = isNumber ? "write it in decimal, without a leading zero" : Self.help(for: text)
            decoder.report(.wrongType, "expected an integer, got \(node.summary)", at: node, help: help)
            return nil
        }
        guard let number = Int(text.filter { $0 != "_" }) else {
            decoder.report(
                .outOfRange, "\(node.shownText) is too \(text.hasPrefix("-") ? "small" : "large")", at: node, help: "write fewer digits")
            return nil
        }
        return number
    }

    /// What other notations of numbers are in decimal.
    private static func help(for text: String) -> String {
        if text.lowercased().hasPrefix("0x"), let number = Int(text.dropFirst(2), radix: 16) { return "write it in decimal: \(number)" }
        if let number = Double(text), number.rounded() == number, abs(number) < 1e15 { return "write it in full: \(Int(number))" }
        if text.contains(":") { return "write it in decimal; base 60 is not read" }
        // `50/s` and `10MB` are other types' values.
        let (digits, unit) = text.splitNumber()
        return digits.flatMap { unit.first.map { $0.isLetter || $0 == "/" } ?? false ? "write the number alone: \($0)" : nil }
            ?? "write digits alone"
    }

    /// The digits.
    public var settingText: String { String(self) }
}

extension String: SettingValue {
    /// Any text.
    public static var schema: SettingSchema { .text("text") }

    /// Reads any scalar.
    public static func decode(_ node: ConfigurationNode, _ decoder: inout SettingsDecoder) -> String? {
        decoder.scalar(node, schema)?.text
    }

    /// The text, in quotes where YAML would read it as something else.
    public var settingText: String {
        let isSafe = utf8.allSatisfy { (48...57).contains($0) || (65...90).contains($0 & 0xDF) || "_-./".utf8.contains($0) }
        let isWord = isSafe && !isEmpty && first != "-" && !["null", "true", "false"].contains(lowercased())
        if isWord { return self }
        let escaped = unicodeScalars.map { scalar in
            switch scalar {
            case "\"", "\\": "\\\(scalar)"
            case "\n": "\\n"
            case "\t": "\\t"
            // What YAML does not allow as it is, and what it takes for the end of a line.
            case "\0"..<" ", "\u{7F}"..."\u{9F}": "\\x\(scalar.value < 16 ? "0" : "")\(String(scalar.value, radix: 16))"
            case "\u{2028}", "\u{2029}", "\u{FEFF}", "\u{FFFE}", "\u{FFFF}": "\\u\(String(scalar.value, radix: 16))"
            default: String(scalar)
            }
        }
        return "\"\(escaped.joined())\""
    }
}

extension SettingValue where Self: RawRepresentable & CaseIterable, RawValue == String {
    /// One of the words.
    public static var schema: SettingSchema { .choice(allCases.map(\.rawValue)) }

    /// Reads one of the words.
    public static func decode(_ node: ConfigurationNode, _ decoder: inout SettingsDecoder) -> Self? {
        guard let (text, _) = decoder.scalar(node, schema) else { return nil }
        if let value = Self(rawValue: text) { return value }
        let suggestion = NameSuggestion.nearest(to: text, in: allCases.map(\.rawValue))
        decoder.report(
            .unknownChoice, "expected \(schema.title), got \(node.shownText)", at: node, help: suggestion.map { "did you mean '\($0)'?" })
        return nil
    }

    /// The word.
    public var settingText: String { rawValue }
}
