public import GatewayKit

/// Makes events of HTTP requests.
public struct Ingress: HTTPModule {
    /// The name in gateway.yaml.
    public static let name = "ingress"
    /// What the module does.
    public static let summary = "Makes events of HTTP requests."
    /// What the module answers.
    public let routes: [HTTPRoute] = []

    /// Makes the module.
    public init(settings: NoSettings, context: ModuleContext) {}
}
