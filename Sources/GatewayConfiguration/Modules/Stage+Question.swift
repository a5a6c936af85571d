import GatewayKit

extension Stage {
    /// What the modules of the stage answer.
    var question: String {
        switch self {
        case .accept: "may this address have one more connection?"
        case .handshake: "is this upgrade request welcome?"
        case .auth: "who is it?"
        case .route: "may it do that?"
        case .deliver: "what becomes of a message for a receiver?"
        case .pubsub: "how do events travel?"
        case .http: "what is answered to plain HTTP?"
        }
    }
}
