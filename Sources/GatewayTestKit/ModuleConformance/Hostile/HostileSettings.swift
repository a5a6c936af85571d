import GatewayKit

/// Values that somebody may write into gateway.yaml by mistake, or worse.
enum HostileSettings {
    private static let numbers = [
        "0", "-0", "1", "-1", "01", "+1", "1_000", "_1", "1.5", "1e3", "1e999", ".nan", ".inf", "-.inf", "NaN", "0x1F", "0o17", "1:30", "٣",
        "½",
        "9223372036854775807", "9223372036854775808", "-9223372036854775808", "99999999999999999999999999",
    ]
    private static let units = [
        "10s", "-10s", "10 s", "1m30s", "30s1m", "1d1d", "106751991167d", "9223372036854775807d", "9223372036854775807ms", "1KiB", "1kb",
        "-1MiB",
        "9223372036854775807GiB", "9223372036854775807B", "1/s", "0/s", "50/d", "1000000000/s", "99999999999/s", "/s",
    ]
    private static let words = [
        "", "~", "null", "true", "false", "yes", "OFF", "a", "a b", "/", "//", "/a//b", "/<a>/<a>", "..", "*", "**", "a.**.b", "a..b",
        "a.b", "$x", "<>",
        "<userId>", "http://", "https://*.", "redis://", "redis://:@", "10.0.0.0/8", "10.0.0.0/99", "::1", "é", "🙂", "\u{202E}abc",
        "a\u{0}b", "\r\n",
        "\u{85}\u{2028}", "\u{FEFF}", "{{x}}", "${X}", "[", "- a", "# a", "'", "\"",
    ]
    private static let long = [
        String(repeating: "x", count: 64 << 10), String(repeating: "9", count: 64 << 10),
    ]

    /// Everything.
    static let all: [ConfigurationNode.Content] = {
        var random = SeededRandom(seed: 4)
        let noise = (0..<20).map { _ in HostileInputs.text(of: Array("0123456789smhdKMGiB/.-_:*<>aé🙂 "), 1...24, &random) }
        let plain = (numbers + units + words + noise + long).map { ConfigurationNode.Content.scalar($0, isPlain: true) }
        let quoted = (["5", "true", "null", "", " ", "1s"] + [HostileInputs.secret]).map {
            ConfigurationNode.Content.scalar($0, isPlain: false)
        }
        return plain + quoted + lists + mappings
    }()

    /// What is no scalar.
    static let lists: [ConfigurationNode.Content] = [
        .sequence([]), .sequence([node(.scalar("", isPlain: true))]), .sequence([node(.scalar("a", isPlain: true))]),
        .sequence([node(.sequence([node(.sequence([]))]))]), .sequence([node(.mapping([]))]),
        .sequence(Array(repeating: node(.scalar("a", isPlain: true)), count: 1000)),
        (0..<60).reduce(.sequence([])) { inner, _ in .sequence([node(inner)]) },
    ]

    /// What is neither a scalar nor a list.
    static let mappings: [ConfigurationNode.Content] = [
        .mapping([]), mapping("", .scalar("", isPlain: true)), mapping("conformance", .scalar("1", isPlain: true)),
        mapping("🙂\u{0}", .sequence([])), mapping(String(repeating: "k", count: 64 << 10), .mapping([])),
        (0..<60).reduce(.mapping([])) { inner, _ in mapping("a", inner) },
    ]

    private static func node(_ content: ConfigurationNode.Content) -> ConfigurationNode {
        ConfigurationNode(content, at: SourcePlace(.file("settings"), line: SettingSite.line, column: 2))
    }

    private static func mapping(_ key: String, _ value: ConfigurationNode.Content) -> ConfigurationNode.Content {
        .mapping([.init(key: key, keyPlace: SourcePlace(.file("settings"), line: SettingSite.line, column: 3), value: node(value))])
    }

    /// What a place of this type cannot hold, whatever the type makes of its texts.
    static func wrong(for schema: SettingSchema) -> [ConfigurationNode.Content] {
        let list = ConfigurationNode.Content.sequence([node(.scalar("a", isPlain: true))])
        let object = mapping("a", .scalar("1", isPlain: true))
        let text = ConfigurationNode.Content.scalar("no such value", isPlain: true)
        switch schema.unwrapped {
        case .boolean: return [list, object, text, .scalar("yes", isPlain: true), .scalar("1", isPlain: true)]
        case .integer:
            return [list, object, text, .scalar("1.5", isPlain: true), .scalar("5", isPlain: false), .scalar("1e3", isPlain: true)]
        case .choice: return [list, object, text, .scalar("", isPlain: false)]
        case .text: return [list, object]
        case .list: return [object, text]
        case .mapping, .dictionary: return [list, text]
        case .optional: return []
        }
    }

    /// The values next to a range, and those at its ends, as gateway.yaml has them.
    static func outside(_ bounds: SettingBounds) -> [String] {
        [shifted(bounds.upper, by: 1), shifted(bounds.lower, by: -1)].compactMap { $0 }
    }

    /// A text with its first number made one larger or smaller: `1m30s` becomes `2m30s`.
    private static func shifted(_ text: String, by step: Int) -> String? {
        let digits = text.prefix { $0.isASCII && ($0.isNumber || $0 == "-") }
        guard let number = Int(digits) else { return nil }
        let (sum, overflow) = number.addingReportingOverflow(step)
        // A negative duration is refused for another reason.
        return overflow || (sum < 0 && digits.count < text.count) ? nil : "\(sum)\(text.dropFirst(digits.count))"
    }
}

extension ConfigurationNode.Content {
    /// Whether it is as long as gateway.yaml allows.
    var isLong: Bool {
        switch self {
        case .scalar(let text, _): text.utf8.count > 1024
        case .sequence(let nodes): nodes.count > 100
        case .mapping(let entries): entries.contains { $0.key.utf8.count > 1024 }
        }
    }
}
