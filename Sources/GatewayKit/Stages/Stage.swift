/// The slots of the pipeline, as `pipeline:` names them.
public enum Stage: String, Sendable, CaseIterable {
    /// May this address have one more connection? ``AcceptStage``
    case accept
    /// Is this upgrade request welcome? ``HandshakeStage``
    case handshake
    /// Who is it? ``AuthStage``
    case auth
    /// May it do that? ``RouteStage`` and ``FrameStage``
    case route
    /// What becomes of a message for a receiver? ``DeliverStage``
    case deliver
    /// How do events travel? ``PubSubAdapter``; one module, not a list.
    case pubsub
    /// What is answered to plain HTTP? ``HTTPModule``
    case http

    /// Whether modules of a type can stand in this slot.
    public func isServed(by type: any Module.Type) -> Bool {
        switch self {
        case .accept: type is any AcceptStage.Type
        case .handshake: type is any HandshakeStage.Type
        case .auth: type is any AuthStage.Type
        case .route: type is any RouteStage.Type || type is any FrameStage.Type
        case .deliver: type is any DeliverStage.Type
        case .pubsub: type is any PubSubAdapter.Type
        case .http: type is any HTTPModule.Type
        }
    }
}
