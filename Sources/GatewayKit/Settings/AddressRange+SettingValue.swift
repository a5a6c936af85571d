extension AddressRange: SettingValue {
    /// CIDR notation.
    public static var schema: SettingSchema { .text("an address or network such as 10.0.0.0/8", format) }

    private static let format = SettingFormat("^[0-9A-Fa-f.:]+(/\\d{1,3})?$", examples: ["10.0.0.0/8", "::1/128"])

    /// Reads CIDR notation.
    public static func decode(_ node: ConfigurationNode, _ decoder: inout SettingsDecoder) -> AddressRange? {
        guard let (text, _) = decoder.scalar(node, schema) else { return nil }
        if let range = AddressRange(text) { return range }
        decoder.report(
            .invalidValue, "\(node.shownText) is no address or network", at: node, help: "write it like 10.0.0.0/8 or \"::1/128\"")
        return nil
    }

    /// CIDR notation.
    public var settingText: String { description.settingText }
}
