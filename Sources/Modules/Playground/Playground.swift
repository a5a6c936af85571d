public import GatewayKit

/// Serves a page to try the gateway with.
public struct Playground: HTTPModule {
    /// The name in gateway.yaml.
    public static let name = "playground"
    /// What the module does.
    public static let summary = "Serves a page to try the gateway with."
    /// What the module answers.
    public let routes: [HTTPRoute] = []

    /// Makes the module.
    public init(settings: NoSettings, context: ModuleContext) {}
}
