import ArgumentParser
import GatewayKit

/// What `--stage` takes: the stages of the pipeline, and `frame` for a module of the route list that sees whole messages.
enum PluginStage: String, CaseIterable, ExpressibleByArgument {
    case accept
    case handshake
    case auth
    case route
    case frame
    case deliver
    case pubsub
    case http

    /// The list in gateway.yaml.
    var stage: Stage {
        switch self {
        case .accept: .accept
        case .handshake: .handshake
        case .auth: .auth
        case .route, .frame: .route
        case .deliver: .deliver
        case .pubsub: .pubsub
        case .http: .http
        }
    }

    /// The module that a plugin of the stage begins as.
    func template(_ name: PluginName) -> any PluginTemplate {
        switch self {
        case .accept: AcceptPlugin(name: name)
        case .handshake: HandshakePlugin(name: name)
        case .auth: AuthPlugin(name: name)
        case .route: RoutePlugin(name: name)
        case .frame: FramePlugin(name: name)
        case .deliver: DeliverPlugin(name: name)
        case .pubsub: PubSubPlugin(name: name)
        case .http: HTTPPlugin(name: name)
        }
    }
}
