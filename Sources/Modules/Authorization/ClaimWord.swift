public import GatewayKit

/// The value that a claim is compared with: one word, as gateway.yaml writes it.
public struct ClaimWord: Hashable, Sendable, SettingValue {
    /// The word.
    public let text: String

    /// Makes a word.
    public init(_ text: String) { self.text = text }

    /// A word.
    public static var schema: SettingSchema { .text("a word, a whole number, true or false") }

    /// Reads a scalar.
    public static func decode(_ node: ConfigurationNode, _ decoder: inout SettingsDecoder) -> ClaimWord? {
        decoder.scalar(node, schema).map { ClaimWord($0.text) }
    }

    /// The word.
    public var settingText: String { text.settingText }

    /// Whether the claim equals the word or is a list that holds it; nil where the claim is missing.
    func holds(for claim: JSONValue?) -> Bool? {
        switch claim {
        case nil, .null?: nil
        case .array(let values)?: values.contains { isEqual($0) }
        case let value?: isEqual(value)
        }
    }

    private func isEqual(_ value: JSONValue) -> Bool {
        if case .number(let number) = value { return Double(text) == number }
        return value.word.map(text.hasSameBytes) ?? false
    }
}

extension AuthorizationRule {
    /// Whether the rule counts for somebody with these claims; a missing claim never opens anything.
    func applies(to claims: [String: JSONValue]) -> Bool {
        // Missing: false for an allow, true for a deny.
        guard when.allSatisfy({ $0.value.holds(for: claims.member($0.key)) ?? !isAllow }) else { return false }
        guard !unless.isEmpty else { return true }
        let held = unless.map { $0.value.holds(for: claims.member($0.key)) }
        // Missing: stops an allow, and saves nobody from a deny.
        if isAllow, held.contains(where: { $0 == nil }) { return false }
        return !held.allSatisfy { $0 == true }
    }
}
