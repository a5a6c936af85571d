public import GatewayKit

/// The settings of ``Origin``.
public struct OriginSettings: Settings {
    /// The origins whose pages may connect.
    public var allow: [OriginPattern] = [.everything]

    /// The defaults.
    public init() {}

    /// The keys.
    public static let fields: [SettingField<Self>] = [
        SettingField(
            "allow", \.allow,
            "The origins whose pages may connect: https://app.example.com, https://*.example.com, \"null\", or \"*\" for every page.")
    ]
}
