public import GatewayKit

/// What stands under `modules.authorization`.
public struct AuthorizationSettings: Settings {
    /// What becomes of a subscription with wildcards of which only some topics are allowed.
    public var wildcards = WildcardPolicy.filter
    /// The rules, in order.
    public var rules: [AuthorizationRule] = []

    /// The defaults: no rule, so nothing is allowed.
    public init() {}

    /// The keys.
    public static let fields: [SettingField<Self>] = [
        SettingField("wildcards", \.wildcards, "A wildcard of which only some topics are allowed: filter shows those, deny refuses it."),
        SettingField("rules", \.rules, "Read top to bottom, the first that matches decides; nothing matches = deny.")
            .example("[{allow: [subscribe, publish], topics: [\"messages.channel.*\"]}]"),
    ]
}

/// What becomes of a subscription with wildcards of which only some topics are allowed.
public enum WildcardPolicy: String, Sendable, CaseIterable, SettingValue {
    /// It is granted, and only topics reach the client that it could have subscribed to alone.
    case filter
    /// It is refused.
    case deny
}
