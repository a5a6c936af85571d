public import GatewayKit

/// Users with passwords: login, refresh, logout.
public struct Accounts: HTTPModule {
    /// The name in gateway.yaml.
    public static let name = "accounts"
    /// What the module does.
    public static let summary = "Users with passwords: login, refresh, logout."
    /// What the module answers.
    public let routes: [HTTPRoute] = []

    /// Makes the module.
    public init(settings: NoSettings, context: ModuleContext) {}
}
