extension Duration: SettingValue {
    /// A number with a unit.
    public static var schema: SettingSchema { .text("a duration such as 30s", format) }

    private static let format = SettingFormat(
        "^(0|(?=.)(\\d+d)?(\\d+h)?(\\d+m)?(\\d+s)?(\\d+ms)?)$", examples: ["250ms", "30s", "1m30s", "15m", "30d"], integers: 0...0)

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
            let (digits, tail) = rest.splitNumber()
            let unit = tail.prefix { $0.isLetter }
            guard let digits, let milliseconds = units.first(where: { $0.name == unit })?.milliseconds, milliseconds < smallest else {
                refuse(text, node, &decoder)
                return nil
            }
            let (product, overflow) = (Int(digits) ?? .max).multipliedReportingOverflow(by: milliseconds)
            let (sum, overflow2) = total.addingReportingOverflow(product)
            guard !overflow, !overflow2, sum < 1 << 53 else {
                decoder.report(.outOfRange, "\(node.shownText) is too long", at: node, help: "write fewer digits")
                return nil
            }
            (total, smallest) = (sum, milliseconds)
            rest = tail.dropFirst(unit.count)
        } while !rest.isEmpty
        return .milliseconds(total)
    }

    private static func refuse(_ text: String, _ node: ConfigurationNode, _ decoder: inout SettingsDecoder) {
        let (digits, unit) = text.splitNumber()
        if let digits, unit.isEmpty {
            // A bare number is most often one of milliseconds, as the document's variables have it.
            let usual = Int(digits).flatMap { $0 < 1 << 53 ? Duration.milliseconds($0).settingText : nil } ?? "30s"
            let help = node.template.map { "write \($0)ms here, or set the variable to \(usual)" } ?? "write \(digits)ms or \(digits)s"
            decoder.report(.missingUnit, "\(node.shownText) has no unit", at: node, help: help)
        } else if text.hasPrefix("-"), text.dropFirst().first?.isNumber == true {
            decoder.report(.outOfRange, "\(node.shownText) is negative", at: node, help: "write it without the sign")
        } else {
            let letter = unit.drop { $0 == " " }.lowercased()
            let near =
                letter.hasPrefix("ms") || letter.hasPrefix("mil")
                ? "ms" : units.first { letter.hasPrefix($0.name) && $0.name != "ms" }?.name
            let isWord = unit.allSatisfy { $0.isLetter || $0 == " " }
            let help = digits.flatMap { digits in near.map { "write \(digits)\($0)" } }
            decoder.report(
                .missingUnit, "\(node.shownText) is no duration", at: node,
                help: isWord ? help ?? "write it like 250ms, 30s, 1m30s, 15m or 30d" : "write it like 250ms, 30s, 1m30s, 15m or 30d")
        }
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
