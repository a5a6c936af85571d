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
    public static var schema: SettingSchema { .text("a rate such as 50/s", format) }

    private static let format = SettingFormat("^[1-9]\\d{0,9}/[smh]$", examples: ["50/s", "100/m", "1000/h"])

    private static let units: [(name: String, period: Duration)] = [("s", .seconds(1)), ("m", .seconds(60)), ("h", .seconds(3600))]

    /// Reads a rate.
    public static func decode(_ node: ConfigurationNode, _ decoder: inout SettingsDecoder) -> Rate? {
        guard let (text, _) = decoder.scalar(node, schema) else { return nil }
        let (digits, rest) = text.splitNumber()
        guard let digits, rest.isEmpty || rest.hasPrefix("/") else {
            decoder.report(.invalidValue, "\(node.shownText) is no rate", at: node, help: "write it like 50/s, 100/m or 1000/h")
            return nil
        }
        guard let unit = units.first(where: { rest.dropFirst() == $0.name }) else {
            let help = rest.isEmpty ? "write \(digits)/s, \(digits)/m or \(digits)/h" : "write it like 50/s, 100/m or 1000/h"
            decoder.report(.missingUnit, "\(node.shownText) has no unit of time", at: node, help: help)
            return nil
        }
        guard let count = Int(digits), (1...1_000_000_000).contains(count) else {
            decoder.report(.outOfRange, "\(node.shownText) is out of range", at: node, help: "give a value from 1/h to 1000000000/s")
            return nil
        }
        return Rate(count, per: unit.period)
    }

    /// `50/s`.
    public var settingText: String { "\(count)/\(Self.units.first { $0.period == period }?.name ?? "s")" }
}

extension SettingsReport {
    /// Reports a burst that is below what a rate lets through in a second: a second's worth that comes at once would be refused.
    ///
    /// An error where both are given; a warning where one of them has its default.
    ///
    /// - Parameters:
    ///   - burst: How many may come at once.
    ///   - rate: How many in the long run.
    ///   - burstKey: The key of the burst.
    ///   - rateKey: The key of the rate.
    public mutating func compare(burst: Int, with rate: Rate, keys burstKey: String = "burst", _ rateKey: String = "rate") {
        let seconds = max(1, Int(rate.period.components.seconds))
        let needed = rate.count / seconds
        guard burst < needed else { return }
        let text = rate.settingText
        add(
            isGiven(burstKey) && isGiven(rateKey) ? .error : .warning, .invalidValue, burstKey, "\(burst) is below \(rateKey) (\(text))",
            other: (rateKey, "\(rateKey) is \(text)"), help: "write \(needed) or more, or lower \(rateKey)")
    }
}
